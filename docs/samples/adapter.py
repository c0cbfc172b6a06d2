import json, sys, threading, time, urllib.request

writing = threading.Lock()
left = set()


def tell(**line):
    with writing:
        print(json.dumps(line), flush=True)  # ASCII, one line


def follow(url):
    """A minimal client for event streams: replace it with yours."""
    position = None
    while True:
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": position} if position else {})}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as stream:
                fields = {}
                for line in stream:
                    name, _, value = line.decode().rstrip("\r\n").partition(":")
                    if name:
                        fields[name] = value.strip()
                        continue
                    position = fields.get("id", position)
                    if fields.get("event") == "$closed":
                        return
                    if "data" in fields and not fields.get("event", "").startswith("$"):
                        yield fields.get("event"), json.loads(fields["data"]), position
                    fields = {}
        except ConnectionError:
            pass
        time.sleep(0.02)


def read(id, url):
    try:
        for n, (event, data, cursor) in enumerate(follow(url), 1):
            if id in left:
                return
            tell(type="message", id=id, n=n, data=data, cursor=cursor, **({"event": event} if event else {}))
        tell(type="done", id=id)
    except Exception as error:  # raised by the client to its application
        tell(type="error", id=id, terminal=True, detail=repr(error))


tell(type="hello", contract=1, name="my-client", version="0.1", language="Python", mechanisms=["sse"], capabilities=[])
for order in map(json.loads, sys.stdin):
    if order["type"] == "open":
        threading.Thread(target=read, args=[order["id"], order["url"]], daemon=True).start()
    elif order["type"] == "close":
        left.add(order["id"])
    elif order["type"] == "bye":
        break
