"""As much of curl as the lines in reports need, for machines that have none."""

import argparse
import sys

import httpx2


def main() -> int:
    """Send what the arguments say, and print the answer with its status and headers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-sSi", action="store_true", required=True)
    parser.add_argument("-X", dest="method", required=True)
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("--data-binary", default="")
    parser.add_argument("url")
    asked = parser.parse_args()
    data = asked.data_binary
    body = sys.stdin.buffer.read() if data == "@-" else data.encode()
    headers = [tuple(each.split(": ", 1)) for each in asked.headers]
    answer = httpx2.request(asked.method, asked.url, headers=headers, content=body)
    lines = [f"{answer.http_version} {answer.status_code} {answer.reason_phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    sys.stdout.write("\r\n".join([*lines, "", answer.text]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
