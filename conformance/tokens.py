"""Google's token services for a server that checks no tokens: python3 tokens.py PORT KEYFILE."""

import http.server
import json
import subprocess
import sys

port, key_file = int(sys.argv[1]), sys.argv[2]
key = subprocess.run(
    ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    check=True, capture_output=True, text=True).stdout
with open(key_file, "w") as file:
    json.dump({
        "type": "service_account", "project_id": "p", "private_key_id": "1", "private_key": key,
        "client_email": "polder@p.iam.gserviceaccount.com", "client_id": "1",
        "token_uri": f"http://127.0.0.1:{port}/token"}, file)


class Tokens(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({
            "access_token": "unchecked", "token_type": "Bearer", "expires_in": 3600,
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("127.0.0.1", port), Tokens).serve_forever()
