#!/usr/bin/python3
"""Real mail servers for the tests alone: aiosmtpd takes letters, dovecot shows what came in. Loopback only, nothing kept.

    mail.py DIR

DIR is made. When both answer, DIR/servers.json names their ports, the user, the password's file and the authority that
signed their certificates. Ends on SIGTERM, and takes dovecot with it.

What the SMTP server says: 550 to an address that begins with "nobody", 451 to "later", and it takes everything else: into
DIR/taken as it came, and for addresses at vru.example into the mailbox of whoever stands before the + or the @.
"""

import grp
import json
import os

import pwd
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

sys.path.insert(0, str(Path(__file__).parent))
from certificates import make_certificates

USER, PASSWORD = "office", "a throw-away password"
# Mailboxes of tests that run at the same time.
OTHERS = ["other", "replies"]
PLACES = ["smtp_tls", "smtp_starttls", "smtp_plain", "imap_tls", "imap_plain"]


def free_ports(names):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in names]
    ports = {name: it.getsockname()[1] for name, it in zip(names, sockets)}
    for it in sockets:
        it.close()
    return ports


class Taker:
    """Takes messages, or says what the address asks for."""

    def __init__(self, folder, owner):
        self.folder, self.owner, self.count = folder, owner, 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return f"550 5.1.1 <{address}>: there is no such mailbox"
        if address.startswith("later"):
            return "451 4.3.0 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        name = f"{self.count:06}.{os.getpid()}.eml"
        for address in envelope.rcpt_tos:
            user, _, domain = address.partition("@")
            folders = [self.folder / "taken"]
            if domain == "vru.example":
                folders.append(mailbox(self.folder, user.partition("+")[0], self.owner) / "new")
            for folder in folders:
                half = self.folder / f"half.{name}"
                half.write_bytes(envelope.content)
                if self.owner:
                    os.chown(half, self.owner.pw_uid, self.owner.pw_gid)
                half.rename(folder / name)
        return "250 taken"


def mailbox(folder, user, owner):
    home = folder / "mail" / user
    for part in [home, home / "new", home / "cur", home / "tmp"]:
        part.mkdir(parents=True, exist_ok=True)
        if owner:
            os.chown(part, owner.pw_uid, owner.pw_gid)
    return home


def check(server, session, envelope, mechanism, auth):
    right = auth.login == USER.encode() and auth.password == PASSWORD.encode()
    # Without the second word it is for us to answer, and whoever signs in wrongly waits in vain.
    return AuthResult(success=right, handled=False)


def start_smtp(folder, ports, owner):
    sealed = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    sealed.load_cert_chain(folder / "server.pem", folder / "server.key")
    taker = Taker(folder, owner)
    common = dict(hostname="127.0.0.1", authenticator=check, auth_required=True, ident="an invented server")
    running = [
        Controller(taker, port=ports["smtp_tls"], ssl_context=sealed, auth_require_tls=False, **common),
        Controller(taker, port=ports["smtp_starttls"], tls_context=sealed, require_starttls=True, **common),
        Controller(taker, port=ports["smtp_plain"], auth_require_tls=False, **common),
    ]
    for it in running:
        it.start()


def start_dovecot(folder, ports, owner):
    me = pwd.getpwuid(os.getuid()).pw_name
    internal, login = ("dovecot", "dovenull") if owner else (me, me)
    account = owner or pwd.getpwuid(os.getuid())
    (folder / "passwd").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in [USER, *OTHERS]))
    (folder / "dovecot.conf").write_text(f"""
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name}
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
auth_failure_delay = 0 secs
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/passwd
}}
userdb {{
  driver = static
  args = uid={account.pw_uid} gid={account.pw_gid} home={folder}/mail/%u
}}
service imap-login {{
  {'' if owner else 'chroot ='}
  inet_listener imap {{
    port = {ports["imap_plain"]}
  }}
  inet_listener imaps {{
    port = {ports["imap_tls"]}
    ssl = yes
  }}
}}
service anvil {{
  {'' if owner else 'chroot ='}
}}
""")
    dovecot = "/usr/sbin/dovecot"
    return subprocess.Popen([dovecot, "-F", "-c", folder / "dovecot.conf"], stdout=subprocess.DEVNULL)


def wait_for(ports):
    for name, port in ports.items():
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        else:
            sys.exit(f"{name} does not answer on port {port}")


def main():
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    (folder / "taken").mkdir()
    # Dovecot keeps no mail for root.
    owner = pwd.getpwnam("mail") if os.getuid() == 0 else None
    make_certificates(folder)
    (folder / "password").write_text(PASSWORD + "\n")
    (folder / "password").chmod(0o600)
    (folder / "mail").mkdir()
    for user in [USER, *OTHERS]:
        mailbox(folder, user, owner)
    ports = free_ports(PLACES)
    start_smtp(folder, ports, owner)
    dovecot = start_dovecot(folder, ports, owner)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        wait_for(ports)
        half = folder / "servers.json.half"
        half.write_text(json.dumps({**ports, "user": USER, "ca_file": str(folder / "ca.pem"), "password_file": str(folder / "password")}))
        half.rename(folder / "servers.json")
        dovecot.wait()
        sys.exit("dovecot ended: " + (folder / "dovecot.log").read_text())
    finally:
        dovecot.terminate()


main()
