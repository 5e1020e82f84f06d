"""Chromium without a window, driven over a pipe: open a page, ask what it is like, take a picture.

    with Browser() as browser:
        page = browser.open("/tmp/report/index.html", width=1280, dark=True)
        page.ask("document.scripts.length")
        page.picture("index.png")
"""
import base64
import json
import os
import shlex
import shutil
import subprocess
import tempfile

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


class Page:
    def __init__(self, browser, session):
        self.browser, self.session = browser, session

    def send(self, method, **parameters):
        return self.browser.send(method, self.session, **parameters)

    def ask(self, expression):
        """Value of a JavaScript expression; the page's own policy does not bind who asks."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise ValueError(answer["exceptionDetails"]["exception"].get("description"))
        return answer["result"].get("value")

    def picture(self, path):
        answer = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        with open(path, "wb") as out:
            out.write(base64.b64decode(answer["data"]))

    def complaints(self):
        """What the browser said about the page: errors, and what the policy refused."""
        return [event["params"]["entry"]["text"] for event in self.browser.events
                if event["method"] == "Log.entryAdded" and event.get("sessionId") == self.session
                and event["params"]["entry"]["level"] in ("error", "warning")]

    def close(self):
        self.browser.send("Target.closeTarget", targetId=self.target)


class Browser:
    def __enter__(self):
        program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        if not program:
            raise FileNotFoundError("chromium is not installed; ./dev deps does that")
        self.folder = tempfile.mkdtemp(prefix="overstay-browser-")
        read_commands, self.commands = os.pipe()
        self.answers, write_answers = os.pipe()
        words = [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                 "--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking",
                 f"--user-data-dir={self.folder}", "--remote-debugging-pipe", "about:blank"]
        line = f"exec {shlex.join(words)} 3<&{read_commands} 4>&{write_answers}"
        self.process = subprocess.Popen(["sh", "-c", line], pass_fds=(read_commands, write_answers),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(read_commands)
        os.close(write_answers)
        self.number, self.left, self.events = 0, b"", []
        return self

    def __exit__(self, *_):
        try:
            self.send("Browser.close")
        except (EOFError, OSError):
            pass
        self.process.wait(30)
        os.close(self.commands)
        os.close(self.answers)
        shutil.rmtree(self.folder, ignore_errors=True)

    def receive(self):
        while b"\0" not in self.left:
            more = os.read(self.answers, 1 << 16)
            if not more:
                raise EOFError("the browser has ended")
            self.left += more
        message, self.left = self.left.split(b"\0", 1)
        return json.loads(message)

    def send(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise ValueError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method, session):
        while True:
            for index, event in enumerate(self.events):
                if event["method"] == method and event.get("sessionId") == session:
                    del self.events[index]
                    return
            self.events.append(self.receive())

    def open(self, path, width=1280, height=900, dark=False, media="screen"):
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        page.target = target
        for domain in ("Page", "Log", "Runtime"):
            page.send(f"{domain}.enable")
        page.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        page.send("Emulation.setEmulatedMedia", media=media, features=[scheme])
        page.send("Page.navigate", url="file://" + path)
        self.wait("Page.loadEventFired", session)
        return page
