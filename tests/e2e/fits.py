"""Whether answers fit their schemas: python3 fits.py < {"openapi": ..., "answers": [[name, schema, value], ...]}. Run by /usr/bin/python3, for which Debian has
python3-jsonschema, whichever Python runs the tests; prints what does not fit as JSON."""
import json
import os
import subprocess
import sys

DEBIAN = "/usr/bin/python3"


def misfits(openapi, answers):
    done = subprocess.run([DEBIAN, os.path.abspath(__file__)], input=json.dumps({"openapi": openapi, "answers": answers}), capture_output=True, text=True)
    assert done.returncode == 0, f"python3-jsonschema is needed for {DEBIAN} (tools/install check): {done.stderr[-1000:]}"
    return json.loads(done.stdout)


def main():
    import jsonschema
    given = json.load(sys.stdin)
    components, wrong, known = {"components": given["openapi"]["components"]}, [], {}
    for name, schema, value in given["answers"]:
        key = json.dumps(schema, sort_keys=True)
        if key not in known:
            known[key] = jsonschema.Draft202012Validator({**schema, **components})
        error = next(known[key].iter_errors(value), None)
        if error is not None:
            wrong.append([name, "/".join(map(str, error.absolute_path)), error.message[:300]])
    json.dump(wrong, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
