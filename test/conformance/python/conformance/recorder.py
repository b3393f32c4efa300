"""What was exercised and what was found wrong."""

import collections
import sys


class Recorder:
    def __init__(self):
        self.calls = collections.defaultdict(lambda: {"ok": 0, "failed": 0})
        self.problems = []
        self.checked = 0

    def answered(self, service, operation):
        self.calls[(service, operation)]["ok"] += 1

    def refused(self, service, operation):
        self.calls[(service, operation)]["failed"] += 1

    def problem(self, service, operation, text):
        line = f"{service} {operation}: {text}"
        if line not in self.problems:
            self.problems.append(line)
            print(f"✗ {line}", file=sys.stderr, flush=True)

    def report(self):
        services = {}
        for (service, operation), counts in sorted(self.calls.items()):
            services.setdefault(service, {})[operation] = counts
        return {"services": services, "problems": self.problems, "checked": self.checked}
