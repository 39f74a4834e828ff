"""The environment variables of the site; `lms config` prints this list."""

from typing import NamedTuple


class Setting(NamedTuple):
    """One environment variable: its default, what it means, and whether its value is secret."""

    name: str
    default: str
    meaning: str
    secret: bool = False


SETTINGS = (
    Setting("LMS_MODE", "demo", "demo: sample content and known logins, loopback only; production: real use"),
    Setting("LMS_DATABASE_URL", "", "sqlite:///PATH or postgresql://…; empty: kangxue.db in the data folder"),
    Setting("LMS_DATA_DIR", "", "local files and the SQLite database; empty: media/ of a checkout"),
    Setting("LMS_HOST", "127.0.0.1", "address the web server listens on"),
    Setting("LMS_PORT", "8000", "port the web server listens on"),
    Setting("LMS_BASE_URL", "", "public address, for QR codes; empty: http://HOST:PORT"),
    Setting("LMS_THREADS", "64", "request threads of each process of the web server"),
    Setting("LMS_PROCESSES", "1", "processes of the web server; more than 1 needs LMS_WORKER=separate"),
    Setting("LMS_TRUSTED_PROXIES", "0", "how many reverse proxies stand in front and set X-Forwarded-*"),
    Setting("LMS_WORKER", "in-process", "in-process: jobs run beside the web server; separate: by `lms worker`"),
    Setting("LMS_QUEUE", "auto", "what rings the worker: auto (as the database), sqlite, postgresql"),
    Setting("LMS_SECRET_KEY", "", "signs sessions and links; 32 characters or more", True),
    Setting("LMS_FIELD_KEYS", "", "encrypt personal fields: ID:HEX64[,ID:HEX64…], the first is current", True),
    Setting("LMS_INDEX_KEY", "", "keyed index of phones and identity numbers: 64 hexadecimal digits", True),
    Setting("LMS_SIGNING_KEY", "", "signs receipts (Ed25519 seed): 64 hexadecimal digits", True),
    Setting("LMS_LOG_KEY", "", "signs checkpoints (Ed25519 seed), for `lms signer` alone: 64 hexadecimal digits", True),
    Setting("LMS_LOG_VKEY", "", "public key of checkpoints, as `lms signer` prints it; empty: from LMS_LOG_KEY"),
    Setting("LMS_PAPER_KEY", "", "PKCS#12 file of the key that signs certificates on paper; empty: unsigned"),
    Setting("LMS_PAPER_KEY_PASSWORD", "", "password of that file", True),
    Setting("LMS_STORAGE", "folder", "folder or s3"),
    Setting("LMS_S3_BUCKET", "", "bucket name"),
    Setting("LMS_S3_ENDPOINT", "", "address of the S3 service"),
    Setting("LMS_S3_REGION", "us-east-1", "region name"),
    Setting("LMS_S3_ACCESS_KEY", "", "access key id"),
    Setting("LMS_S3_SECRET_KEY", "", "secret access key", True),
    Setting("LMS_S3_ADDRESSING", "path", "path or virtual (Aliyun OSS needs virtual)"),
    Setting("LMS_SMS", "console", "console (prints the code; demo only) or tencent"),
    Setting("LMS_SMS_TENCENT_SECRET_ID", "", "Tencent Cloud SecretId"),
    Setting("LMS_SMS_TENCENT_SECRET_KEY", "", "Tencent Cloud SecretKey", True),
    Setting("LMS_SMS_TENCENT_APP_ID", "", "SmsSdkAppId"),
    Setting("LMS_SMS_TENCENT_SIGN", "", "approved signature"),
    Setting("LMS_SMS_TENCENT_TEMPLATE", "", "approved template id; parameters: code, minutes"),
    Setting(
        "LMS_SMS_TENCENT_RENEWAL_TEMPLATE",
        "",
        "approved template id of reminders to take a course again; parameters: year, month, day; empty sends none",
    ),
    Setting("LMS_IDENTITY", "auto", "real-name service: auto (console in a demo, else off), off, console, http"),
    Setting("LMS_IDENTITY_URL", "", "https address of the real-name service (docs/identity.md)"),
    Setting("LMS_IDENTITY_TOKEN", "", "bearer token of the real-name service", True),
    Setting("LMS_IDENTITY_SOURCE", "", "whose service it is, as pages and records name it"),
    Setting("LMS_IDENTITY_TIMEOUT_SECONDS", "10", "how long to wait for an answer of the real-name service"),
    Setting("LMS_FFMPEG", "", "path of ffmpeg; empty: the pinned one of imageio-ffmpeg, else the one on PATH"),
    Setting("LMS_UPLOAD_MAX_MB", "2048", "largest video that may be uploaded, in megabytes"),
    Setting("LMS_UPLOAD_QUOTA_GB", "200", "what one institution may keep of uploaded videos, in gigabytes"),
    Setting("LMS_UPLOAD_PART_MB", "8", "size of the parts in which videos arrive, in megabytes"),
    Setting("LMS_UPLOAD_DIRECT", "no", "yes: parts go straight to the S3 service (needs s3 and CORS)"),
    Setting("LMS_MEDIA_DIRECT", "no", "yes: pieces of videos come straight from the S3 service (needs s3 and CORS)"),
    Setting("LMS_METRICS_TOKEN", "", "bearer token for /metrics; empty: loopback only", True),
)
