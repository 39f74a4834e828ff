"""Files of questions, in and out: Excel, Word, plain text, GIFT, Aiken and Moodle XML, one file a format."""
