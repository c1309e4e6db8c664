#!/usr/bin/python3
"""S3-compatible storage for the tests alone: moto keeps the objects, in memory, on loopback ports.

    storage.py DIR

DIR is made. When it answers, DIR/storage.json names the addresses, the region, the keys' file and the authority that signed
the certificate. Ends on SIGTERM.

moto believes every request. So before it sees one, what real storage refuses is refused here: a signature that botocore,
Amazon's own program, works out otherwise; a body that has another SHA-256 than was signed or than its checksum says; a
clock that is a quarter of an hour off. What moto says of uploads is put right. And faults are played, for one bucket at a
time, to everybody but boto3, with which the tests look:

    POST /-/BUCKET            {"versions": true}                         makes the bucket
    POST /-/BUCKET/faults     [{"method": "PUT", "key": "ab/", "query": "uploads", "then": "503", "times": 2}, …]
    POST /-/BUCKET/damage     {"key": "…", "bytes": "wrong"}             writes other bytes behind everybody's back
    POST /-/BUCKET/later      {"hours": 25}                              lets time pass for uploads that were not finished
    GET  /-/BUCKET/seen       every request so far: method, path, query, status
    GET  /-/BUCKET/objects    every object that can be seen: key, size; every version; every upload that was not finished
"""

import base64
import hashlib
import hmac
import io
import json
import re
import signal
import socket
import ssl
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

sys.path.insert(0, str(Path(__file__).parent))
from certificates import make_certificates

REGION, KEY, SECRET = "eu-west-2", "AKINVENTED", "an/invented+secret=key"
LATEST_CLOCK_S = 15 * 60


class Refusal(Exception):
    def __init__(self, status, code, headers=()):
        super().__init__(code)
        self.status, self.code, self.headers = status, code, list(headers)


class Cut(Exception):
    """The line is cut."""


def checked(environ, body):
    """Refuses what real storage refuses."""
    header = lambda name: environ.get("HTTP_" + name.upper().replace("-", "_"), "")
    algorithm, _, rest = header("authorization").partition(" ")
    fields = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    if algorithm != "AWS4-HMAC-SHA256":
        raise Refusal(403, "AccessDenied")
    key, _, scope = fields["Credential"].partition("/")
    if key != KEY:
        raise Refusal(403, "InvalidAccessKeyId")
    day, region, service, _ = scope.split("/")
    moment = header("x-amz-date")
    age = datetime.now(timezone.utc) - datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    if abs(age.total_seconds()) > LATEST_CLOCK_S or not moment.startswith(day):
        raise Refusal(403, "RequestTimeTooSkewed")
    if region != REGION:
        raise Refusal(400, "AuthorizationHeaderMalformed", [("x-amz-bucket-region", REGION)])
    names = fields["SignedHeaders"].split(";")
    must = {"host", *(name for name in map(str.lower, sent_names(environ)) if name.startswith("x-amz-"))}
    if not must <= set(names) or names != sorted(names):
        raise Refusal(403, "AccessDenied")
    value = lambda name: environ.get("CONTENT_TYPE", "") if name == "content-type" else header(name)
    signed = AWSRequest(method=environ["REQUEST_METHOD"], url=f"http://{header('host')}{environ['REQUEST_URI']}",
                        headers={name: value(name) for name in names})
    signed.context["timestamp"] = moment
    auth = S3SigV4Auth(Credentials(KEY, SECRET, header("x-amz-security-token") or None), service, region)
    expected = auth.signature(auth.string_to_sign(signed, auth.canonical_request(signed)), signed)
    if not hmac.compare_digest(expected, fields["Signature"]):
        raise Refusal(403, "SignatureDoesNotMatch")
    sha256 = hashlib.sha256(body).digest()
    said = header("x-amz-content-sha256")
    # boto3 may leave its bodies out of the signature.
    if said != sha256.hex() and not (is_boto3(environ) and said.startswith(("UNSIGNED", "STREAMING"))):
        raise Refusal(400, "XAmzContentSHA256Mismatch")
    checksum = header("x-amz-checksum-sha256")
    if checksum and checksum != base64.b64encode(sha256).decode():
        raise Refusal(400, "BadDigest")


def is_boto3(environ):
    return "Boto3" in environ.get("HTTP_USER_AGENT", "")


def sent_names(environ):
    return [name[5:].replace("_", "-") for name in environ if name.startswith("HTTP_")]


class Storage:
    def __init__(self):
        self.objects = DomainDispatcherApplication(create_backend_app)
        self.faults, self.seen, self.lock = {}, {}, threading.Lock()
        self.client, self.begun = None, {}

    def __call__(self, environ, start_response):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        path = urlsplit(environ["REQUEST_URI"]).path
        record = {"method": environ["REQUEST_METHOD"], "path": path, "query": environ.get("QUERY_STRING", ""), "status": 0}
        try:
            if path.startswith("/-/"):
                status, headers, answer = 200, [("Content-Type", "application/json")], json.dumps(self.order(path, environ, body)).encode()
            else:
                if not is_boto3(environ):
                    with self.lock:
                        self.seen.setdefault(path.split("/")[1], []).append(record)
                status, headers, answer = self.answer(environ, body, path, length)
        except Refusal as refusal:
            headers = [("Content-Type", "application/xml"), *refusal.headers]
            # As real storage does, it repeats what was sent: nobody may show that.
            said = f"<Message>it said {environ.get('HTTP_AUTHORIZATION', '')}</Message>"
            answer = f"<?xml version='1.0'?><Error><Code>{refusal.code}</Code>{said}</Error>".encode()
            status = refusal.status
        except Cut:
            # Whatever is answered now reaches nobody.
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError("as the test asked") from None
        record["status"] = status
        if record["method"] == "HEAD":
            answer = b""
        else:
            headers = [(name, value) for name, value in headers if name.lower() != "content-length"] + [("Content-Length", str(len(answer)))]
        start_response(f"{status} -", headers)
        return [answer]

    def answer(self, environ, body, path, length):
        fault = "" if is_boto3(environ) else self.fault(environ, path)
        if fault == "cut":
            raise Cut
        if fault.startswith("wait "):
            time.sleep(float(fault.split()[1]))
        if len(body) < length:
            raise Cut
        checked(environ, body)
        if fault == "elsewhere":
            raise Refusal(301, "PermanentRedirect", [("x-amz-bucket-region", "eu-north-1"), ("Location", "http://127.0.0.1:1/")])
        if fault.isdigit():
            code = {"403": "AccessDenied", "500": "InternalError", "501": "NotImplemented", "503": "SlowDown"}[fault]
            raise Refusal(int(fault), code, [("Retry-After", "0")] if fault == "503" else [])
        if fault == "late no":
            raise Refusal(200, "InternalError")
        if fault == "nonsense":
            return 200, [("Content-Type", "text/html")], b"<html><p>Welcome to our network"
        status, headers, answer = self.kept(environ, body)
        if fault == "cut after":
            raise Cut
        if fault == "half":
            line = environ["werkzeug.socket"]
            line.sendall(f"HTTP/1.1 {status} -\r\nContent-Length: {len(answer)}\r\n\r\n".encode() + answer[:len(answer) // 2])
            raise Cut
        if fault == "short":
            answer = answer[:len(answer) // 2]
        if fault == "wrong":
            answer = bytes([answer[0] ^ 1]) + answer[1:]
        return status, headers, answer

    def kept(self, environ, body):
        """What moto answers."""
        got, query = {}, parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        upload = query.get("uploadId", [""])[0].encode()
        # moto falls over an upload that was finished or taken away.
        if upload and upload not in self.begun:
            raise Refusal(404, "NoSuchUpload")
        given = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        answer = b"".join(self.objects(given, lambda status, headers, _=None: got.update(status=int(status.split()[0]), headers=headers)))
        if "uploads" in query:
            answer = self.dated(environ, answer)
        if upload and got["status"] < 300 and environ["REQUEST_METHOD"] in ["POST", "DELETE"]:
            self.begun.pop(upload, None)
        return got["status"], got["headers"], answer

    def dated(self, environ, answer):
        bucket = environ["REQUEST_URI"].split("?")[0].split("/")[1]
        with self.lock:
            if environ["REQUEST_METHOD"] == "POST":
                for upload in re.findall(rb"<UploadId>(.*?)</UploadId>", answer):
                    self.begun[upload] = [bucket, datetime.now(timezone.utc)]
            date = lambda found: self.begun[found[2]][1].strftime("%Y-%m-%dT%H:%M:%S.000Z").encode()
            put_right = lambda found: re.sub(rb"(?<=<Initiated>)[^<]*", date(found), found[0])
            return re.sub(rb"(<Upload>)(?:(?!</Upload>).)*?<UploadId>(.*?)</UploadId>.*?</Upload>", put_right, answer, flags=re.DOTALL)

    def fault(self, environ, path):
        with self.lock:
            for fault in self.faults.get(path.split("/")[1], []):
                if fault.get("times", 1) > 0 and fault.get("method", environ["REQUEST_METHOD"]) == environ["REQUEST_METHOD"] \
                        and fault.get("key", "") in path and fault.get("query", "") in environ.get("QUERY_STRING", ""):
                    if fault.get("after", 0) > 0:
                        fault["after"] -= 1
                        continue
                    fault["times"] = fault.get("times", 1) - 1
                    return fault["then"]
        return ""

    def order(self, path, environ, body):
        _, _, bucket, *what = path.split("/")
        given = json.loads(body or b"{}")
        match what:
            case []:
                self.client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
                if given.get("versions"):
                    self.client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
                with self.lock:
                    self.seen[bucket] = []
            case ["faults"]:
                with self.lock:
                    self.faults[bucket] = given
            case ["damage"]:
                self.client.put_object(Bucket=bucket, Key=given["key"], Body=given["bytes"].encode())
            case ["later"]:
                with self.lock:
                    for upload in self.begun.values():
                        if upload[0] == bucket:
                            upload[1] -= timedelta(hours=given["hours"])
            case ["seen"]:
                with self.lock:
                    return list(self.seen.get(bucket, []))
            case ["objects"]:
                pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
                objects = [{"key": it["Key"], "size": it["Size"]} for page in pages for it in page.get("Contents", [])]
                versions = self.client.list_object_versions(Bucket=bucket)
                uploads = self.client.list_multipart_uploads(Bucket=bucket)
                return {"objects": objects, "versions": len(versions.get("Versions", [])) + len(versions.get("DeleteMarkers", [])),
                        "uploads": [it["Key"] for it in uploads.get("Uploads", [])]}
        return {}


class Handler(WSGIRequestHandler):
    # Lines are used again, as real storage has it.
    protocol_version = "HTTP/1.1"

    def log_request(self, *_):
        pass


def main():
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    make_certificates(folder)
    keys = folder / "keys"
    keys.write_text(f"[default]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
    keys.chmod(0o600)
    storage = Storage()
    sealed = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    sealed.load_cert_chain(folder / "server.pem", folder / "server.key")
    servers = [make_server("127.0.0.1", 0, storage, threaded=True, request_handler=Handler, ssl_context=it) for it in [None, sealed]]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    http, https = (server.server_port for server in servers)
    storage.client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{http}", region_name=REGION, aws_access_key_id=KEY,
                                  aws_secret_access_key=SECRET, config=Config(s3={"addressing_style": "path"}))
    half = folder / "storage.json.half"
    half.write_text(json.dumps({"http": f"http://127.0.0.1:{http}", "https": f"https://localhost:{https}", "region": REGION,
                                "credentials": str(keys), "secret": SECRET, "ca_file": str(folder / "ca.pem")}))
    half.rename(folder / "storage.json")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.pause()


main()
