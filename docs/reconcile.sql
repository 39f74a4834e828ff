-- Reconciles paid subsidies from the raw tables alone, without any view or rule of the program.
-- Runs as it is on SQLite (sqlite3 kangxue.db < docs/reconcile.sql) and on PostgreSQL (psql -f docs/reconcile.sql).
-- One row a check: its name, how many breaches, and both sums in fen. All breaches zero = reconciled.
-- What each check means and what to do about a breach: docs/guides/reconciliation.md.

WITH
living AS (  -- whoever is on record twice is one human
  SELECT p.id AS person_id, coalesce(l.living_id, p.id) AS human
  FROM people p LEFT JOIN person_links l ON l.person_id = p.id
),
selves AS (  -- whoever has two accounts is one human
  SELECT a.id AS account_id, coalesce(v.human, a.id) AS human
  FROM accounts a LEFT JOIN living v ON v.person_id = a.person_id
),
fetched AS (  -- batches whose file for the bank was taken: the bank may have it
  SELECT b.id AS batch_id FROM fund_batches b
  WHERE EXISTS (SELECT 1 FROM audit_events e WHERE e.subject = 'bank_file'
                AND replace(CAST(e.detail AS text), '-', '') LIKE '%' || replace(CAST(b.id AS text), '-', '') || '%')
),
moved AS (  -- what each posting moved, whatever the accounts
  SELECT g.id, g.book_id, g.kind, g.batch_id, g.payment_id, g.receipt, g.fact_on, g.period_on, g.booked_at,
         coalesce(sum(e.amount_fen), 0) AS fen, count(e.id) AS entries
  FROM fund_postings g LEFT JOIN fund_entries e ON e.posting_id = g.id
  GROUP BY g.id, g.book_id, g.kind, g.batch_id, g.payment_id, g.receipt, g.fact_on, g.period_on, g.booked_at
),
signed AS (  -- every entry as a bookkeeper writes it, once on each account
  SELECT g.book_id, e.posting_id, e.from_account AS account, -e.amount_fen AS fen
  FROM fund_entries e JOIN fund_postings g ON g.id = e.posting_id
  UNION ALL
  SELECT g.book_id, e.posting_id, e.to_account, e.amount_fen
  FROM fund_entries e JOIN fund_postings g ON g.id = e.posting_id
),
paid AS (  -- how often each payment went out and came back
  SELECT p.id, p.amount_fen, p.state,
         coalesce(sum(CASE WHEN m.kind IN ('paid', 'repaid') THEN 1 ELSE 0 END), 0) AS out_count,
         coalesce(sum(CASE WHEN m.kind = 'returned' THEN 1 ELSE 0 END), 0) AS back_count,
         coalesce(sum(CASE WHEN m.kind = 'clawback' THEN 1 ELSE 0 END), 0) AS claw_count,
         coalesce(sum(CASE WHEN m.kind IN ('paid', 'repaid') THEN m.fen ELSE 0 END), 0)
           - coalesce(sum(CASE WHEN m.kind IN ('returned', 'clawback') THEN m.fen ELSE 0 END), 0) AS net_fen,
         coalesce(sum(CASE WHEN m.fen <> p.amount_fen THEN 1 ELSE 0 END), 0) AS unequal
  FROM fund_payments p LEFT JOIN moved m ON m.payment_id = p.id
  GROUP BY p.id, p.amount_fen, p.state
),
at_bank AS (  -- the ledger as the bank's account shows it
  SELECT m.id, m.book_id, m.fact_on, upper(replace(m.receipt, ' ', '')) AS receipt,
         CASE WHEN m.kind IN ('paid', 'repaid') THEN -m.fen ELSE m.fen END AS fen
  FROM moved m WHERE m.kind IN ('appropriation', 'paid', 'repaid', 'returned', 'clawback')
),
covered AS (  -- ledger rows of days that a statement tells of, and that nobody explained
  SELECT a.* FROM at_bank a
  WHERE EXISTS (SELECT 1 FROM bank_statements s
                WHERE s.book_id = a.book_id AND a.fact_on BETWEEN s.first_on AND s.last_on)
    AND NOT EXISTS (SELECT 1 FROM difference_words w WHERE w.book_id = a.book_id
                    AND replace(w.key, '-', '') LIKE '%' || replace(CAST(a.id AS text), '-', '') || '%')
),
bank AS (  -- the bank's rows that nobody explained
  SELECT r.id, r.book_id, r.moved_on, r.amount_fen AS fen, r.receipt, r.serial
  FROM bank_statement_rows r
  WHERE NOT EXISTS (SELECT 1 FROM difference_words w WHERE w.book_id = r.book_id
                    AND replace(w.key, '-', '') LIKE '%' || replace(CAST(r.id AS text), '-', '') || '%')
),
bank_keys AS (  -- a row of the bank under each number it has
  SELECT id, book_id, receipt AS number, fen FROM bank WHERE receipt <> ''
  UNION
  SELECT id, book_id, serial, fen FROM bank WHERE serial <> ''
),
ledger_sums AS (  -- one receipt may stand for many payments of the ledger, and for many rows of the bank
  SELECT book_id, receipt, sum(fen) AS fen FROM covered WHERE receipt <> '' GROUP BY book_id, receipt
),
bank_sums AS (
  SELECT book_id, number, sum(fen) AS fen FROM bank_keys GROUP BY book_id, number
),
found AS (  -- rows of the bank that the ledger knows, by number or by day and amount
  SELECT k.id FROM bank_keys k
  JOIN (SELECT DISTINCT book_id, receipt FROM at_bank WHERE receipt <> '') a
    ON a.book_id = k.book_id AND a.receipt = k.number
  UNION
  SELECT b.id FROM bank b
  JOIN (SELECT DISTINCT book_id, fact_on, fen FROM at_bank) a
    ON a.book_id = b.book_id AND a.fact_on = b.moved_on AND a.fen = b.fen
),
lines AS (
  SELECT l.id, l.claim_id, l.round, l.number, l.amount_fen, l.kind, l.occupation, l.level, v.human,
         pl.state, pl.claim_id AS place_claim_id, pl.atom_key, pl.enrollment_key, c.state AS claim_state,
         c.round AS claim_round, c.cohort_id, c.organisation_id, c.fund
  FROM claim_lines l
  JOIN claims c ON c.id = l.claim_id
  LEFT JOIN claim_places pl ON pl.line_id = l.id
  LEFT JOIN living v ON v.person_id = l.person_id
),
line_states AS (  -- in which states the lines of a claim's present round may be, by the state of the claim
  SELECT 'draft' AS claim_state, ' asked returned refused left_out ' AS allowed
  UNION ALL SELECT 'filed', ' asked returned refused left_out '
  UNION ALL SELECT 'returned', ' asked returned refused left_out '
  UNION ALL SELECT 'first', ' asked returned refused left_out '
  UNION ALL SELECT 'notice', ' approved returned refused left_out '
  UNION ALL SELECT 'owed', ' owed paid clawed_back returned refused left_out '
  UNION ALL SELECT 'refused', ' returned refused left_out '
  UNION ALL SELECT 'withdrawn', ' withdrawn left_out '
),
ways AS (  -- from which account into which each kind of posting moves
  SELECT 'appropriation' AS kind, 'source' AS from_account, 'available' AS to_account
  UNION ALL SELECT 'batch', 'available', 'owed'
  UNION ALL SELECT 'batch', 'returned', 'owed'
  UNION ALL SELECT 'dropped', 'owed', 'available'
  UNION ALL SELECT 'dropped', 'owed', 'returned'
  UNION ALL SELECT 'sent', 'owed', 'transit'
  UNION ALL SELECT 'paid', 'transit', 'paid'
  UNION ALL SELECT 'repaid', 'transit', 'paid'
  UNION ALL SELECT 'returned', 'paid', 'returned'
  UNION ALL SELECT 'clawback', 'paid', 'clawed_back'
),
last_acts AS (  -- the last step of each kind on a claim: who made it as it is, filed, reviewed
  SELECT s.claim_id, s.account_id, t.hand
  FROM claim_steps s
  JOIN (SELECT claim_id, max(number) AS number,
               CASE act WHEN 'refresh' THEN 'make' WHEN 'refuse' THEN 'pass_second' ELSE act END AS hand
        FROM claim_steps WHERE act IN ('make', 'refresh', 'file', 'pass_first', 'pass_second', 'refuse')
        GROUP BY claim_id, CASE act WHEN 'refresh' THEN 'make' WHEN 'refuse' THEN 'pass_second' ELSE act END) t
    ON t.claim_id = s.claim_id AND t.number = s.number
),
dated AS (  -- days from the moment to the day it was booked, as if every month had 31: 0 or 1, and 4 over a February's end
  SELECT g.*, 372 * (CAST(substr(CAST(g.booked_on AS text), 1, 4) AS integer)
                     - CAST(substr(CAST(g.booked_at AS text), 1, 4) AS integer))
            + 31 * (CAST(substr(CAST(g.booked_on AS text), 6, 2) AS integer)
                    - CAST(substr(CAST(g.booked_at AS text), 6, 2) AS integer))
            + CAST(substr(CAST(g.booked_on AS text), 9, 2) AS integer)
            - CAST(substr(CAST(g.booked_at AS text), 9, 2) AS integer) AS days_late
  FROM fund_postings g
),
keyed AS (  -- a posting with the id that its key ends with
  SELECT g.*, lower(replace(substr(g.key, length(g.kind) + 2), '-', '')) AS subject FROM fund_postings g
)

SELECT 'lines_to_claims' AS check_name, count(*) AS breaches, coalesce(sum(t.line_fen), 0) AS left_fen,
       coalesce(sum(t.place_fen), 0) AS right_fen
FROM (SELECT claim_id, round, sum(amount_fen) AS line_fen,
             sum(CASE WHEN place_claim_id = claim_id THEN amount_fen ELSE 0 END) AS place_fen
      FROM lines GROUP BY claim_id, round
      HAVING count(*) <> max(number) OR min(number) <> 1 OR sum(amount_fen)
             <> sum(CASE WHEN place_claim_id = claim_id THEN amount_fen ELSE 0 END)) t
UNION ALL
SELECT 'claims_to_steps', count(*), 0, 0
FROM (SELECT c.id FROM claims c LEFT JOIN claim_steps s ON s.claim_id = c.id
      GROUP BY c.id, c.version
      HAVING count(s.id) <> c.version OR coalesce(max(s.number), 0) <> c.version OR min(s.number) <> 1
      UNION ALL
      SELECT c.id FROM claims c JOIN claim_steps s ON s.claim_id = c.id AND s.number = c.version
      WHERE s.state <> c.state
      UNION ALL
      SELECT c.id FROM claims c JOIN last_acts a ON a.claim_id = c.id
      WHERE a.account_id <> CASE a.hand WHEN 'make' THEN c.made_by WHEN 'file' THEN c.filed_by
                                        WHEN 'pass_first' THEN coalesce(c.first_by, a.account_id) ELSE c.second_by END
      UNION ALL
      SELECT s.id FROM claim_steps s LEFT JOIN claims c ON c.id = s.claim_id WHERE c.id IS NULL) t
UNION ALL
SELECT 'lines_to_states', count(*), coalesce(sum(l.amount_fen), 0), 0
FROM lines l LEFT JOIN line_states a ON a.claim_state = l.claim_state
WHERE a.allowed IS NULL
   OR (l.round = l.claim_round AND a.allowed NOT LIKE '% ' || l.state || ' %')
   OR (l.round <> l.claim_round AND l.state NOT IN ('replaced', 'left_out'))
   OR (l.state IN ('asked', 'approved', 'owed', 'paid') AND (l.atom_key IS NULL OR l.enrollment_key IS NULL))
   OR ((l.state IN ('left_out', 'replaced', 'withdrawn', 'clawed_back') OR l.claim_state IN ('refused', 'withdrawn'))
       AND (l.atom_key IS NOT NULL OR l.enrollment_key IS NOT NULL))
   OR (l.state IN ('returned', 'refused') AND l.claim_state IN ('notice', 'owed') AND NOT EXISTS
       (SELECT 1 FROM claim_steps s
        WHERE s.claim_id = l.claim_id AND s.act IN ('return_line', 'refuse_line', 'strike')
          AND replace(CAST(s.facts AS text), '-', '') LIKE '%' || replace(CAST(l.id AS text), '-', '') || '%'))
UNION ALL
SELECT 'lines_frozen', count(*), coalesce(sum(l.amount_fen), 0), 0
FROM claim_lines l JOIN claims c ON c.id = l.claim_id
WHERE l.kind <> c.kind
   OR l.body NOT LIKE '%"amount_fen":' || CAST(l.amount_fen AS text) || ',%'
   OR (l.body NOT LIKE '%"standard_fen":' || CAST(l.standard_fen AS text) || ',%'
       AND l.body NOT LIKE '%"standard_fen":' || CAST(l.standard_fen AS text) || '}%')
   OR l.body NOT LIKE '%"class_hour_hundredths":' || CAST(l.class_hour_hundredths AS text) || ',%'
   OR l.body NOT LIKE '%"first_on":"' || CAST(l.first_on AS text) || '"%'
   OR l.body NOT LIKE '%"last_on":"' || CAST(l.last_on AS text) || '"%'
   OR l.body NOT LIKE '%"certificate_on":' || coalesce('"' || CAST(l.certificate_on AS text) || '"', 'null') || '%'
   OR (replace(replace(l.certificate_number, '"', ''), '\', '') = l.certificate_number
       AND l.body NOT LIKE '%"certificate":"' || l.certificate_number || '"%')
   OR replace(l.body, '-', '') NOT LIKE '%"person":"' || replace(CAST(l.person_id AS text), '-', '') || '"%'
   OR replace(l.body, '-', '') NOT LIKE '%"enrollment":"' || replace(CAST(l.enrollment_id AS text), '-', '') || '"%'
   OR (l.round = c.round AND (l.body NOT LIKE '%"policy":"' || c.policy_code || '"%'
                              OR l.body NOT LIKE '%"policy_digest":"' || c.policy_digest || '"%'))
   OR NOT EXISTS (SELECT 1 FROM claim_steps s WHERE s.claim_id = l.claim_id AND s.act IN ('make', 'refresh')
                  AND replace(replace(CAST(s.facts AS text), '-', ''), ' ', '')
                      LIKE '%"' || replace(CAST(l.id AS text), '-', '') || '":"' || l.digest || '"%')
UNION ALL
SELECT 'claims_to_payments', count(*), coalesce(sum(t.claim_fen), 0), coalesce(sum(t.paid_fen), 0)
FROM (SELECT c.id, (SELECT coalesce(sum(l.amount_fen), 0) FROM lines l
                    WHERE l.claim_id = c.id AND l.state = 'paid') AS claim_fen,
             (SELECT coalesce(sum(p.amount_fen), 0) FROM fund_payments p
              WHERE p.claim_id = c.id AND p.state = 'paid') AS paid_fen
      FROM claims c) t
WHERE t.claim_fen <> t.paid_fen
UNION ALL
SELECT 'payments_to_lines', count(*), coalesce(sum(p.amount_fen), 0), coalesce(sum(l.amount_fen), 0)
FROM fund_payments p LEFT JOIN lines l ON l.id = p.line_id
LEFT JOIN living v ON v.person_id = p.person_id LEFT JOIN living y ON y.person_id = p.payee_id
LEFT JOIN fund_batches b ON b.id = p.batch_id LEFT JOIN fund_books k ON k.id = b.book_id
WHERE l.id IS NULL OR l.claim_id <> p.claim_id OR l.amount_fen <> p.amount_fen
   OR v.human IS NULL OR v.human <> l.human OR p.kind <> l.kind OR p.occupation <> l.occupation
   OR coalesce(p.level, -1) <> coalesce(l.level, -1)
   OR p.cohort_id <> l.cohort_id OR p.organisation_id <> l.organisation_id
   OR (p.payee_kind = 'organisation' AND p.payee_id <> p.organisation_id)
   OR (p.payee_kind = 'person' AND (y.human IS NULL OR y.human <> v.human))
   OR p.payee_kind NOT IN ('organisation', 'person') OR k.fund <> l.fund
   OR (p.payee_kind = 'organisation' AND NOT EXISTS
       (SELECT 1 FROM payee_accounts a WHERE a.organisation_id = p.payee_id AND a.holder = p.payee_name
        AND a.bank = p.bank AND a.account_tail = p.account_tail))
UNION ALL
SELECT 'payments_to_states', count(*), coalesce(sum(t.fen), 0), 0
FROM (SELECT p.amount_fen AS fen
      FROM fund_payments p JOIN lines l ON l.id = p.line_id LEFT JOIN fund_batches b ON b.id = p.batch_id
      WHERE (p.state IN ('paid', 'clawed_back') AND l.state <> p.state)
         OR (p.state = 'waiting' AND b.state IN ('checked', 'sent', 'answered') AND l.state <> 'owed')
      UNION ALL
      SELECT l.amount_fen FROM lines l
      WHERE l.state IN ('paid', 'clawed_back')
        AND NOT EXISTS (SELECT 1 FROM fund_payments p WHERE p.line_id = l.id AND p.state = l.state)
      UNION ALL
      SELECT p.amount_fen FROM fund_payments p JOIN fund_batches b ON b.id = p.batch_id
      WHERE (b.state = 'dropped') <> (p.state = 'dropped')
         OR (b.state IN ('planned', 'checked') AND p.state <> 'waiting')
         OR (b.state = 'answered' AND p.state = 'waiting')
      UNION ALL
      SELECT b.total_fen FROM fund_batches b
      WHERE b.state = 'sent'
        AND NOT EXISTS (SELECT 1 FROM fund_payments p WHERE p.batch_id = b.id AND p.state = 'waiting')) t
UNION ALL
SELECT 'payments_to_batches', count(*), coalesce(sum(t.total_fen), 0), coalesce(sum(t.sum_fen), 0)
FROM (SELECT b.id, b.total_fen, coalesce(sum(p.amount_fen), 0) AS sum_fen
      FROM fund_batches b LEFT JOIN fund_payments p ON p.batch_id = b.id
      GROUP BY b.id, b.total_fen, b.count
      HAVING b.total_fen <> coalesce(sum(p.amount_fen), 0) OR b.count <> count(p.id) OR max(p.place) <> count(p.id)
      UNION ALL
      SELECT p.id, p.amount_fen, 0 FROM fund_payments p JOIN fund_batches b ON b.id = p.batch_id
      WHERE p.reference <> b.number || '-' || substr('0000' || CAST(p.place AS text), length(CAST(p.place AS text)) + 1)
     ) t
UNION ALL
SELECT 'batches_to_postings', count(*), coalesce(sum(t.owed_fen), 0), coalesce(sum(t.posted_fen), 0)
FROM (SELECT b.id, CASE WHEN b.state IN ('checked', 'sent', 'answered') THEN b.total_fen ELSE 0 END AS owed_fen,
             coalesce(sum(CASE m.kind WHEN 'batch' THEN m.fen WHEN 'dropped' THEN -m.fen ELSE 0 END), 0) AS posted_fen,
             CASE WHEN b.state IN ('sent', 'answered') THEN b.total_fen ELSE 0 END AS due_fen,
             coalesce(sum(CASE WHEN m.kind = 'sent' THEN m.fen ELSE 0 END), 0) AS sent_fen
      FROM fund_batches b LEFT JOIN moved m ON m.batch_id = b.id GROUP BY b.id, b.state, b.total_fen) t
WHERE t.owed_fen <> t.posted_fen OR t.due_fen <> t.sent_fen
UNION ALL
SELECT 'postings_to_payments', count(*), coalesce(sum(p.amount_fen), 0), coalesce(sum(p.net_fen), 0)
FROM paid p
WHERE p.unequal > 0 OR p.out_count > 1 OR p.back_count + p.claw_count > p.out_count
   OR (p.state = 'paid' AND (p.out_count <> 1 OR p.back_count + p.claw_count <> 0))
   OR (p.state = 'returned' AND (p.out_count <> 1 OR p.back_count <> 1))
   OR (p.state = 'clawed_back' AND (p.out_count <> 1 OR p.claw_count <> 1))
   OR (p.state IN ('waiting', 'dropped') AND p.out_count <> 0)
UNION ALL
SELECT 'postings_linked', count(*), 0, 0
FROM (SELECT g.id FROM keyed g
      LEFT JOIN fund_books k ON k.id = g.book_id LEFT JOIN fund_batches b ON b.id = g.batch_id
      LEFT JOIN fund_payments p ON p.id = g.payment_id
      WHERE k.id IS NULL OR b.book_id <> g.book_id OR p.batch_id <> g.batch_id
         OR (g.batch_id IS NOT NULL AND b.id IS NULL) OR (g.payment_id IS NOT NULL AND p.id IS NULL)
         OR (g.kind <> 'appropriation' AND g.batch_id IS NULL)
         OR (g.kind IN ('paid', 'repaid', 'returned', 'clawback') AND g.payment_id IS NULL)
         OR (g.kind IN ('batch', 'dropped', 'sent')
             AND g.subject <> lower(replace(CAST(g.batch_id AS text), '-', '')))
         OR (g.kind IN ('paid', 'returned', 'clawback')
             AND g.subject <> lower(replace(CAST(g.payment_id AS text), '-', '')))
      UNION ALL
      SELECT e.id FROM fund_entries e LEFT JOIN fund_postings g ON g.id = e.posting_id
      LEFT JOIN ways w ON w.kind = g.kind AND w.from_account = e.from_account AND w.to_account = e.to_account
      WHERE w.kind IS NULL
      UNION ALL
      SELECT g.id FROM fund_postings g
      LEFT JOIN fund_postings r ON r.id = g.reverses_id LEFT JOIN fund_payments p ON p.id = g.payment_id
      WHERE (g.kind IN ('returned', 'clawback')
             AND (r.id IS NULL OR r.payment_id <> g.payment_id OR r.kind NOT IN ('paid', 'repaid')))
         OR (g.kind = 'dropped' AND (r.id IS NULL OR r.batch_id <> g.batch_id OR r.kind <> 'batch'))
         OR (g.kind = 'repaid' AND (r.id IS NULL OR r.payment_id <> p.follows_id OR r.kind NOT IN ('paid', 'repaid')))
         OR (g.kind NOT IN ('returned', 'clawback', 'dropped', 'repaid') AND g.reverses_id IS NOT NULL)
      UNION ALL
      SELECT p.id FROM fund_payments p LEFT JOIN fund_batches b ON b.id = p.batch_id WHERE b.id IS NULL) t
UNION ALL
SELECT 'postings_dated', count(*), 0, 0
FROM (SELECT g.id FROM dated g
      LEFT JOIN fund_postings r ON r.id = g.reverses_id
      LEFT JOIN (SELECT batch_id, max(fact_on) AS fact_on FROM fund_postings WHERE kind = 'sent' GROUP BY batch_id) s
        ON s.batch_id = g.batch_id
      WHERE g.fact_on > g.booked_on OR g.period_on > g.booked_on
         OR CAST(g.booked_on AS text) < substr(CAST(g.booked_at AS text), 1, 10) OR g.days_late > 4
         OR substr(CAST(g.period_on AS text), 9, 2) <> '01'
         OR substr(CAST(g.period_on AS text), 1, 7) < substr(CAST(g.fact_on AS text), 1, 7)
         OR (substr(CAST(g.period_on AS text), 1, 7) > substr(CAST(g.fact_on AS text), 1, 7)
             AND NOT EXISTS (SELECT 1 FROM fund_closes c WHERE c.book_id = g.book_id AND c.closed_at <= g.booked_at
                             AND substr(CAST(c.month_on AS text), 1, 7) >= substr(CAST(g.fact_on AS text), 1, 7)))
         OR (g.kind IN ('batch', 'dropped', 'sent') AND g.fact_on <> g.booked_on)
         OR (g.kind IN ('returned', 'clawback') AND g.fact_on < r.fact_on)
         OR (g.kind IN ('paid', 'repaid', 'returned') AND (s.batch_id IS NULL OR g.fact_on < s.fact_on))) t
UNION ALL
SELECT 'appropriations_to_postings', count(*), coalesce(sum(t.told_fen), 0), coalesce(sum(t.posted_fen), 0)
FROM (SELECT a.amount_fen AS told_fen, coalesce(m.fen, 0) AS posted_fen
      FROM fund_appropriations a
      LEFT JOIN keyed g ON g.kind = 'appropriation' AND g.subject = lower(replace(CAST(a.id AS text), '-', ''))
      LEFT JOIN moved m ON m.id = g.id
      WHERE (a.state = 'booked') <> (g.id IS NOT NULL)
         OR m.fen <> a.amount_fen OR g.book_id <> a.book_id OR g.receipt <> a.receipt OR g.fact_on <> a.received_on
         OR g.note <> a.document
      UNION ALL
      SELECT 0, m.fen FROM keyed g JOIN moved m ON m.id = g.id
      WHERE g.kind = 'appropriation' AND NOT EXISTS
        (SELECT 1 FROM fund_appropriations a WHERE lower(replace(CAST(a.id AS text), '-', '')) = g.subject)) t
UNION ALL
SELECT 'clawbacks_to_postings', count(*), coalesce(sum(t.fen), 0), 0
FROM (SELECT p.amount_fen AS fen FROM fund_clawbacks k
      LEFT JOIN fund_payments p ON p.id = k.payment_id
      LEFT JOIN fund_postings g ON g.payment_id = k.payment_id AND g.kind = 'clawback'
      WHERE p.id IS NULL OR (k.state = 'back') <> (g.id IS NOT NULL AND k.state <> 'refused') OR g.note <> k.reason
      UNION ALL
      SELECT m.fen FROM moved m WHERE m.kind = 'clawback' AND NOT EXISTS
        (SELECT 1 FROM fund_clawbacks k WHERE k.payment_id = m.payment_id AND k.state = 'back')) t
UNION ALL
SELECT 'hands_on_record', count(*), 0, 0
FROM (SELECT g.id FROM fund_postings g JOIN fund_batches b ON b.id = g.batch_id
      WHERE g.kind <> 'clawback' AND (g.made_by <> b.made_by OR g.checked_by IS NULL OR g.checked_by <> b.checked_by)
      UNION ALL
      SELECT g.id FROM fund_postings g JOIN fund_clawbacks k ON k.payment_id = g.payment_id AND k.state = 'back'
      WHERE g.kind = 'clawback' AND (g.made_by <> k.made_by OR g.checked_by IS NULL OR g.checked_by <> k.decided_by)
      UNION ALL
      SELECT g.id FROM keyed g
      JOIN fund_appropriations a ON lower(replace(CAST(a.id AS text), '-', '')) = g.subject
      WHERE g.kind = 'appropriation'
        AND (g.made_by <> a.made_by OR g.checked_by IS NULL OR g.checked_by <> a.decided_by)
      UNION ALL
      SELECT h.subject_id
      FROM (SELECT id AS subject_id, 'batch_plan' AS act, made_by AS account_id FROM fund_batches
            UNION ALL SELECT id, 'batch_check', checked_by FROM fund_batches WHERE checked_by IS NOT NULL
            UNION ALL SELECT id, 'money_enter', made_by FROM fund_appropriations
            UNION ALL SELECT id, CASE state WHEN 'booked' THEN 'money_confirm' ELSE 'money_refuse' END, decided_by
                      FROM fund_appropriations WHERE decided_by IS NOT NULL
            UNION ALL SELECT id, 'claw_propose', made_by FROM fund_clawbacks
            UNION ALL SELECT id, CASE state WHEN 'refused' THEN 'claw_refuse' ELSE 'claw_decide' END, decided_by
                      FROM fund_clawbacks WHERE decided_by IS NOT NULL) h
      WHERE NOT EXISTS (SELECT 1 FROM fund_acts f
                        WHERE f.subject_id = h.subject_id AND f.act = h.act AND f.account_id = h.account_id)
      UNION ALL
      SELECT subject_id FROM fund_acts GROUP BY subject_id HAVING count(*) <> max(place) OR min(place) <> 1) t
UNION ALL
SELECT 'statements_whole', count(*), 0, 0
FROM (SELECT s.id FROM bank_statements s LEFT JOIN bank_statement_rows r ON r.statement_id = s.id
      GROUP BY s.id, s.rows HAVING count(r.id) <> s.rows
      UNION ALL
      SELECT r.id FROM bank_statement_rows r LEFT JOIN bank_statements s ON s.id = r.statement_id
      WHERE s.id IS NULL OR s.book_id <> r.book_id OR r.moved_on < s.first_on OR r.moved_on > s.last_on) t
UNION ALL
SELECT 'signings_to_closes', count(*), 0, 0
FROM reconciliation_signings s
LEFT JOIN reconciliations r ON r.id = s.reconciliation_id
LEFT JOIN fund_closes c ON c.book_id = s.book_id AND c.month_on = s.month_on
WHERE c.id IS NULL OR r.id IS NULL OR r.book_id <> s.book_id OR r.month_on <> s.month_on
   OR r.prepared_at > s.signed_at
   OR EXISTS (SELECT 1 FROM reconciliations n
              WHERE n.book_id = r.book_id AND n.month_on = r.month_on AND n.round > r.round)
UNION ALL
SELECT 'postings_balanced', count(*), coalesce(sum(abs(t.fen)), 0), 0
FROM (SELECT m.id, coalesce(s.fen, 0) AS fen, m.entries, coalesce(w.wrong, 0) AS wrong
      FROM moved m
      LEFT JOIN (SELECT posting_id, sum(fen) AS fen FROM signed GROUP BY posting_id) s ON s.posting_id = m.id
      LEFT JOIN (SELECT posting_id, count(*) AS wrong FROM fund_entries
                 WHERE amount_fen <= 0 OR from_account = to_account GROUP BY posting_id) w ON w.posting_id = m.id) t
WHERE t.fen <> 0 OR t.entries = 0 OR t.wrong > 0
UNION ALL
SELECT 'postings_numbered', count(*), 0, 0
FROM (SELECT book_id FROM fund_postings GROUP BY book_id
      HAVING count(*) <> max(number) OR count(DISTINCT number) <> count(*)
          OR count(serial) <> coalesce(max(serial), 0) OR count(DISTINCT serial) <> count(serial)) t
UNION ALL
SELECT 'accounts_not_below_zero', count(*), coalesce(sum(t.fen), 0), 0
FROM (SELECT book_id, account, sum(fen) AS fen FROM signed WHERE account <> 'source'
      GROUP BY book_id, account HAVING sum(fen) < 0) t
UNION ALL
SELECT 'ledger_to_answers', count(*), coalesce(sum(m.fen), 0), 0
FROM moved m
WHERE m.kind IN ('paid', 'repaid', 'returned')
  AND (m.receipt = '' OR m.batch_id IS NULL OR NOT EXISTS
       (SELECT 1 FROM fund_answers a WHERE a.batch_id = m.batch_id AND a.state = 'booked'))
UNION ALL
SELECT 'ledger_to_bank', count(*), coalesce(sum(t.ledger_fen), 0), coalesce(sum(t.bank_fen), 0)
FROM (SELECT l.fen AS ledger_fen, coalesce(b.fen, 0) AS bank_fen
      FROM ledger_sums l LEFT JOIN bank_sums b ON b.book_id = l.book_id AND b.number = l.receipt
      WHERE l.fen <> coalesce(b.fen, 0)
      UNION ALL
      SELECT c.fen, 0 FROM covered c WHERE c.receipt = '' AND NOT EXISTS
        (SELECT 1 FROM bank b WHERE b.book_id = c.book_id AND b.moved_on = c.fact_on AND b.fen = c.fen)) t
UNION ALL
SELECT 'bank_to_ledger', count(*), coalesce(sum(b.fen), 0), 0
FROM bank b LEFT JOIN found f ON f.id = b.id WHERE f.id IS NULL
UNION ALL
SELECT 'line_paid_once', count(*), coalesce(sum(t.fen), 0), 0
FROM (SELECT p.line_id, sum(p.amount_fen) AS fen FROM fund_payments p
      WHERE p.state IN ('waiting', 'paid', 'clawed_back') GROUP BY p.line_id HAVING count(*) > 1) t
UNION ALL
SELECT 'atom_claimed_once', count(*), coalesce(sum(t.fen), 0), 0
FROM (SELECT l.human, sum(l.amount_fen) AS fen FROM lines l
      WHERE l.state IN ('asked', 'approved', 'owed', 'paid') AND l.claim_state NOT IN ('refused', 'withdrawn')
      GROUP BY l.human, l.kind, lower(trim(l.occupation)), coalesce(l.level, -1) HAVING count(*) > 1) t
UNION ALL
SELECT 'atom_paid_once', count(*), coalesce(sum(t.fen), 0), 0
FROM (SELECT v.human, sum(p.amount_fen) AS fen
      FROM fund_payments p JOIN living v ON v.person_id = p.person_id
      WHERE p.state IN ('waiting', 'paid')
      GROUP BY v.human, p.kind, lower(trim(p.occupation)), coalesce(p.level, -1) HAVING count(*) > 1) t
UNION ALL
SELECT 'two_people', count(*), 0, 0
FROM (SELECT b.id FROM fund_batches b
      LEFT JOIN selves x ON x.account_id = b.made_by LEFT JOIN selves y ON y.account_id = b.checked_by
      WHERE b.state IN ('checked', 'sent', 'answered') AND (y.human IS NULL OR y.human = x.human)
      UNION ALL
      SELECT a.id FROM fund_appropriations a
      LEFT JOIN selves x ON x.account_id = a.made_by LEFT JOIN selves y ON y.account_id = a.decided_by
      WHERE a.state = 'booked' AND (y.human IS NULL OR y.human = x.human)
      UNION ALL
      SELECT k.id FROM fund_clawbacks k
      LEFT JOIN selves x ON x.account_id = k.made_by LEFT JOIN selves y ON y.account_id = k.decided_by
      WHERE k.state IN ('decided', 'back') AND (y.human IS NULL OR y.human = x.human)
      UNION ALL
      SELECT r.id FROM reconciliations r JOIN reconciliation_signings s ON s.reconciliation_id = r.id
      LEFT JOIN selves x ON x.account_id = r.prepared_by LEFT JOIN selves y ON y.account_id = s.signed_by
      WHERE y.human IS NULL OR y.human = x.human
      UNION ALL
      SELECT n.id FROM fund_answers n JOIN fund_batches b ON b.id = n.batch_id
      LEFT JOIN selves x ON x.account_id = b.made_by LEFT JOIN selves y ON y.account_id = n.booked_by
      WHERE n.state = 'booked' AND (y.human IS NULL OR y.human = x.human)
      UNION ALL
      SELECT b.id FROM fund_batches b JOIN fetched f ON f.batch_id = b.id
      WHERE b.state = 'dropped' AND NOT EXISTS (
        SELECT 1 FROM fund_acts asked JOIN fund_acts agreed ON agreed.subject_id = asked.subject_id
        JOIN selves x ON x.account_id = asked.account_id JOIN selves y ON y.account_id = agreed.account_id
        WHERE asked.subject_id = b.id AND asked.act = 'drop_ask' AND agreed.act = 'drop_confirm'
          AND agreed.place > asked.place AND y.human <> x.human)) t
UNION ALL
SELECT 'closed_months', count(*), coalesce(sum(t.fen), 0), 0
FROM (SELECT m.fen FROM moved m JOIN fund_closes c ON c.book_id = m.book_id AND c.month_on = m.period_on
      WHERE m.booked_at > c.closed_at
      UNION ALL
      SELECT m.fen FROM moved m
      WHERE substr(CAST(m.period_on AS text), 1, 7) <> substr(CAST(m.fact_on AS text), 1, 7)
        AND (m.period_on < m.fact_on OR NOT EXISTS (
          SELECT 1 FROM fund_closes c WHERE c.book_id = m.book_id AND c.closed_at <= m.booked_at
            AND substr(CAST(c.month_on AS text), 1, 7) >= substr(CAST(m.fact_on AS text), 1, 7)))
      UNION ALL
      SELECT 0 FROM reconciliation_signings s LEFT JOIN fund_closes c ON c.book_id = s.book_id AND c.month_on = s.month_on
      WHERE c.id IS NULL
      UNION ALL
      SELECT 0 FROM fund_closes c LEFT JOIN reconciliation_signings s ON s.book_id = c.book_id AND s.month_on = c.month_on
      WHERE s.reconciliation_id IS NULL) t;
