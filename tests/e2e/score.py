"""tests/e2e/score.py PROGRAM PEOPLE SEED: plays one scored village and fails when somebody was missed or wrongly named."""
import json
import subprocess
import sys
import tempfile

program, people, seed = sys.argv[1:4]
with tempfile.TemporaryDirectory(prefix="doorward-score-") as folder:
    done = subprocess.run([program, "demo", "--people", people, "--seed", seed, "--dir", folder, "--json"], capture_output=True, text=True, check=True)
told = json.loads(done.stdout)
print(json.dumps({"seed": int(seed), **told["score"]}))
sys.exit(told["score"]["missing_not_named"] > 0 or told["score"]["wrongly_named"] != told["score"]["wrongly_named_explained_by_review"])
