import json
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT / "src"))

from handler import handler  # noqa: E402 (the folder has to be known first)


class HandlerTest(unittest.TestCase):
    def test_answers_with_the_event(self):
        event = json.loads((PROJECT / "events" / "sample.json").read_text())
        response = handler(event, None)
        self.assertEqual(response["statusCode"], 200)
        self.assertEqual(
            json.loads(response["body"]),
            {"message": "Hello from Lambda Managed Instances!", "event": event},
        )

    def test_keeps_requests_apart(self):
        with ThreadPoolExecutor() as pool:
            responses = list(pool.map(lambda id: handler({"id": id}, None), range(20)))
        ids = [json.loads(response["body"])["event"]["id"] for response in responses]
        self.assertEqual(ids, list(range(20)))


if __name__ == "__main__":
    unittest.main()
