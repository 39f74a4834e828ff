"""Every page and every address of the API, by audience."""

from lms.web.accounts import views as accounts_views
from lms.web.api import batches, challenges, documents, heartbeats, tokens
from lms.web.api import courses as api_courses
from lms.web.api import exams as api_exams
from lms.web.api import exchange as api_exchange
from lms.web.api import uploads as api_uploads
from lms.web.api import verifications as api_verifications
from lms.web.authority import ageing as authority_ageing
from lms.web.authority import attendance_book as authority_attendance_book
from lms.web.authority import checks as authority_checks
from lms.web.authority import claims as authority_claims
from lms.web.authority import controls as authority_controls
from lms.web.authority import dossiers as authority_dossiers
from lms.web.authority import filings as authority_filings
from lms.web.authority import fund_batches as authority_fund_batches
from lms.web.authority import fund_ledger as authority_fund_ledger
from lms.web.authority import funds as authority_funds
from lms.web.authority import groups as authority_groups
from lms.web.authority import more as authority_more
from lms.web.authority import outside as authority_outside
from lms.web.authority import publicity as authority_publicity
from lms.web.authority import reconciliations as authority_reconciliations
from lms.web.authority import reports as authority_reports
from lms.web.authority import reveals as authority_reveals
from lms.web.authority import samples as authority_samples
from lms.web.authority import sanctions as authority_sanctions
from lms.web.authority import scores as authority_scores
from lms.web.authority import statements as authority_statements
from lms.web.authority import statistics as authority_statistics
from lms.web.authority import tree as authority_tree
from lms.web.authority import views as authority_views
from lms.web.examiner import exams as examiner_exams
from lms.web.examiner import mentors as examiner_mentors
from lms.web.examiner import pictures as examiner_pictures
from lms.web.examiner import practicals as examiner_practicals
from lms.web.examiner import tasks as mentor_tasks
from lms.web.examiner import views as examiner_views
from lms.web.institution import attendance_book as institution_attendance_book
from lms.web.institution import cases as institution_cases
from lms.web.institution import claims as institution_claims
from lms.web.institution import classes as institution_classes
from lms.web.institution import cohorts as institution_cohorts
from lms.web.institution import corrections as institution_corrections
from lms.web.institution import dossiers as institution_dossiers
from lms.web.institution import eligibility as institution_eligibility
from lms.web.institution import exams as institution_exams
from lms.web.institution import exports as institution_exports
from lms.web.institution import filing_papers as institution_filing_papers
from lms.web.institution import filings as institution_filings
from lms.web.institution import groups as institution_groups
from lms.web.institution import identity as institution_identity
from lms.web.institution import ledger as institution_ledger
from lms.web.institution import more as institution_more
from lms.web.institution import papers as institution_papers
from lms.web.institution import payees as institution_payees
from lms.web.institution import practicals as institution_practicals
from lms.web.institution import records as institution_records
from lms.web.institution import renewals as institution_renewals
from lms.web.institution import report_pages
from lms.web.institution import reports as institution_reports
from lms.web.institution import requests as institution_requests
from lms.web.institution import roster_changes as institution_roster_changes
from lms.web.institution import rosters as institution_rosters
from lms.web.institution import sanctions as institution_sanctions
from lms.web.institution import saved_views as institution_saved_views
from lms.web.institution import scores as institution_scores
from lms.web.institution import services as institution_services
from lms.web.institution import skills as institution_skills
from lms.web.institution import webhooks as institution_webhooks
from lms.web.learner import cases as learner_cases
from lms.web.learner import checks as learner_checks
from lms.web.learner import classes as learner_classes
from lms.web.learner import corrections as learner_corrections
from lms.web.learner import courses as learner_courses
from lms.web.learner import eligibility as learner_eligibility
from lms.web.learner import exams as learner_exams
from lms.web.learner import identity as learner_identity
from lms.web.learner import lessons as learner_lessons
from lms.web.learner import media as learner_media
from lms.web.learner import mine as learner_mine
from lms.web.learner import notebook as learner_notebook
from lms.web.learner import outside as learner_outside
from lms.web.learner import payees as learner_payees
from lms.web.learner import practicals as learner_practicals
from lms.web.learner import publicity as learner_publicity
from lms.web.learner import quizzes as learner_quizzes
from lms.web.learner import records as learner_records
from lms.web.learner import renewals as learner_renewals
from lms.web.learner import shares as learner_shares
from lms.web.learner import skills as learner_skills
from lms.web.learner import statements as learner_statements
from lms.web.learner import time as learner_time
from lms.web.learner import transcript as learner_transcript
from lms.web.learner import welcome as learner_welcome
from lms.web.platform import assessors as platform_assessors
from lms.web.platform import cases as platform_cases
from lms.web.platform import corrections as platform_corrections
from lms.web.platform import credits as platform_credits
from lms.web.platform import filings as platform_filings
from lms.web.platform import identity as platform_identity
from lms.web.platform import inspectors as platform_inspectors
from lms.web.platform import more as platform_more
from lms.web.platform import records as platform_records
from lms.web.platform import renewals as platform_renewals
from lms.web.platform import requests as platform_requests
from lms.web.platform import services as platform_services
from lms.web.platform import skills as platform_skills
from lms.web.platform import subsidy_policies as platform_subsidies
from lms.web.platform import tree as platform_tree
from lms.web.platform import views as platform_views
from lms.web.public import certificates as public_certificates
from lms.web.public import credentials as public_credentials
from lms.web.public import health as public_health
from lms.web.public import log as public_log
from lms.web.public import notices as public_notices
from lms.web.public import shares as public_shares
from lms.web.public import views as public_views
from lms.web.trainer import analytics as trainer_analytics
from lms.web.trainer import bank as trainer_bank
from lms.web.trainer import bank_batches as trainer_bank_batches
from lms.web.trainer import bank_questions as trainer_bank_questions
from lms.web.trainer import captions as trainer_captions
from lms.web.trainer import classes as trainer_classes
from lms.web.trainer import courses as trainer_courses
from lms.web.trainer import drafts as trainer_drafts
from lms.web.trainer import files as trainer_files
from lms.web.trainer import media as trainer_media
from lms.web.trainer import outline as trainer_outline
from lms.web.trainer import reviews as trainer_reviews

BLUEPRINTS = (
    public_views.bp,
    public_health.bp,
    public_certificates.bp,
    public_credentials.bp,
    public_log.bp,
    public_shares.bp,
    public_notices.bp,
    accounts_views.bp,
    learner_checks.bp,
    learner_courses.bp,
    learner_eligibility.bp,
    learner_exams.bp,
    learner_identity.bp,
    learner_lessons.bp,
    learner_media.bp,
    learner_notebook.bp,
    learner_outside.bp,
    learner_quizzes.bp,
    learner_records.bp,
    learner_renewals.bp,
    learner_skills.bp,
    learner_shares.bp,
    learner_transcript.bp,
    learner_time.bp,
    learner_cases.bp,
    learner_corrections.bp,
    learner_classes.bp,
    learner_mine.bp,
    learner_payees.bp,
    learner_publicity.bp,
    learner_statements.bp,
    learner_welcome.bp,
    institution_cohorts.bp,
    institution_filings.bp,
    institution_filing_papers.bp,
    institution_roster_changes.bp,
    institution_eligibility.bp,
    institution_groups.bp,
    institution_exams.bp,
    institution_identity.bp,
    institution_identity.desk,
    institution_ledger.bp,
    institution_more.bp,
    institution_renewals.bp,
    institution_reports.bp,
    institution_rosters.bp,
    institution_requests.bp,
    institution_exports.bp,
    report_pages.bp,
    institution_saved_views.bp,
    institution_scores.bp,
    institution_cases.bp,
    institution_corrections.bp,
    institution_records.bp,
    institution_claims.bp,
    institution_classes.bp,
    institution_attendance_book.bp,
    institution_services.bp,
    institution_skills.bp,
    institution_skills.desk,
    institution_webhooks.bp,
    institution_dossiers.bp,
    institution_papers.bp,
    institution_payees.bp,
    institution_sanctions.bp,
    trainer_analytics.bp,
    trainer_courses.bp,
    trainer_classes.bp,
    trainer_drafts.bp,
    trainer_files.bp,
    trainer_outline.bp,
    trainer_reviews.bp,
    trainer_media.bp,
    trainer_captions.bp,
    trainer_bank.bp,
    trainer_bank_batches.bp,
    trainer_bank_questions.bp,
    platform_views.bp,
    platform_inspectors.bp,
    platform_filings.bp,
    platform_renewals.bp,
    platform_tree.bp,
    platform_cases.bp,
    platform_corrections.bp,
    platform_records.bp,
    platform_services.bp,
    platform_identity.bp,
    platform_skills.bp,
    platform_assessors.bp,
    platform_credits.bp,
    platform_subsidies.bp,
    platform_requests.bp,
    platform_more.bp,
    authority_views.bp,
    authority_statements.bp,
    authority_reconciliations.bp,
    authority_controls.bp,
    authority_scores.bp,
    authority_reveals.bp,
    authority_attendance_book.bp,
    authority_checks.bp,
    authority_claims.bp,
    authority_dossiers.bp,
    authority_filings.bp,
    authority_fund_batches.bp,
    authority_fund_ledger.bp,
    authority_funds.bp,
    authority_more.bp,
    authority_outside.bp,
    authority_groups.bp,
    authority_reports.bp,
    authority_samples.bp,
    authority_statistics.bp,
    authority_tree.bp,
    authority_ageing.bp,
    authority_publicity.bp,
    authority_sanctions.bp,
    examiner_views.bp,
    examiner_exams.bp,
    examiner_mentors.bp,
    examiner_practicals.bp,
    examiner_pictures.bp,
    mentor_tasks.bp,
    learner_practicals.bp,
    institution_practicals.bp,
    heartbeats.bp,
    batches.bp,
    challenges.bp,
    tokens.bp,
    api_courses.bp,
    api_exams.bp,
    api_uploads.bp,
    api_verifications.bp,
    api_exchange.institutions,
    api_exchange.authorities,
    documents.bp,
)
API_BLUEPRINTS = (
    heartbeats.bp,
    batches.bp,
    challenges.bp,
    api_courses.bp,
    api_exams.bp,
    api_uploads.bp,
    api_verifications.bp,
    api_exchange.institutions,
    api_exchange.authorities,
    tokens.bp,
    documents.bp,
)
