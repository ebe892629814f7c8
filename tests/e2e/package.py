#!/usr/bin/env python3
"""The Debian package: what lies in it, lintian's judgement, that the program in it runs; the examples for servers before it; and
with --chroot, installed in a clean Debian. The last line counts: package.py [--chroot]."""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def run(*words, status=0, **rest):
    done = subprocess.run(words, capture_output=True, text=True, timeout=1800, **rest)
    assert done.returncode == status, f"{words}: exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def package():
    return os.path.join(ROOT, run(os.path.join(ROOT, "tools/make_deb")).strip())


def test_what_lies_in_it(deb, folder):
    run("dpkg", "-x", deb, folder)
    run("dpkg", "-e", deb, folder + "/DEBIAN")
    for path, mode in (("usr/bin/doorward", 0o755), ("usr/lib/systemd/system/doorward.service", 0o644), ("usr/lib/systemd/system/doorward.socket", 0o644), ("etc/doorward.conf", 0o644),
                       ("usr/share/man/man1/doorward.1.gz", 0o644), ("usr/share/bash-completion/completions/doorward", 0o644), ("usr/share/doc/doorward/copyright", 0o644),
                       ("usr/share/doc/doorward/examples/nginx.conf", 0o644), ("DEBIAN/postinst", 0o755), ("DEBIAN/prerm", 0o755), ("DEBIAN/postrm", 0o755)):
        assert os.stat(os.path.join(folder, path)).st_mode & 0o777 == mode, path
    assert "doorward " in run(folder + "/usr/bin/doorward", "version")
    run("md5sum", "--check", "--quiet", "DEBIAN/md5sums", cwd=folder)
    made = run("man", "--warnings", "-l", folder + "/usr/share/man/man1/doorward.1.gz", env={**os.environ, "LC_ALL": "C.UTF-8", "MANPAGER": "cat"})
    assert "backup_keep" in made and "doctor" in made
    depends = re.search(r"^Depends: (.*)$", open(folder + "/DEBIAN/control", encoding="utf-8").read(), re.M).group(1)
    assert all(name in depends for name in ("libsodium23", "libsqlite3-0", "libmicrohttpd12", "libgdal", "adduser")), depends


def test_lintian_finds_nothing(deb, folder):
    run("lintian", "--allow-root", "--fail-on", "error,warning", deb)


def test_the_unit_is_hardened(deb, folder):
    """systemd's own judgement: 10 is worst."""
    unit = os.path.join(ROOT, "packaging/doorward.service")
    said = run("systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=20", unit)
    assert float(re.search(r"Overall exposure level for doorward.service: ([\d.]+)", said).group(1)) <= 2.0, said[-300:]
    shutil.copy(os.path.join(ROOT, "packaging/doorward.socket"), folder)
    text = open(unit, encoding="utf-8").read()
    # The program is not where a package would put it; any other will do for reading the unit.
    open(folder + "/doorward.service", "w", encoding="utf-8").write(text.replace("/usr/bin/doorward", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", folder + "/doorward.service", folder + "/doorward.socket"], capture_output=True, text=True, timeout=120)
    assert "doorward." not in done.stderr, done.stderr


def test_nginx_takes_the_example(deb, folder):
    text = open(os.path.join(ROOT, "packaging/nginx.conf"), encoding="utf-8").read()
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem", "-days", "1", "-subj", "/CN=doorward.example")
    text = text.replace("/etc/ssl/doorward", folder)
    whole = f"pid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\nclient_body_temp_path {folder}/b;\nproxy_temp_path {folder}/p;\nfastcgi_temp_path {folder}/f;\nuwsgi_temp_path {folder}/u;\nscgi_temp_path {folder}/s;\n{text}}}\n"
    open(folder + "/nginx.conf", "w", encoding="utf-8").write(whole)
    run("nginx", "-t", "-q", "-c", folder + "/nginx.conf")


def test_in_a_clean_debian(deb, folder):
    """Installed as a user would, a site made and served, removed: what people recorded stays."""
    mirror = next((m for path in glob.glob("/etc/apt/sources.list") + glob.glob("/etc/apt/sources.list.d/*") for m in re.findall(r"^(?:URIs:|deb) +(https?://\S+/debian/?)(?:\s|$)", open(path, encoding="utf-8").read(), re.M)), "http://deb.debian.org/debian")
    run("debootstrap", "--variant=minbase", "bookworm", folder, mirror)
    # How this machine reaches its registry is how the chroot does.
    for path in ("etc/resolv.conf", "etc/apt/apt.conf.d"):
        source = "/" + path
        if os.path.isdir(source): shutil.copytree(source, os.path.join(folder, path), dirs_exist_ok=True)
        elif os.path.exists(source): shutil.copy(source, os.path.join(folder, path))
    shutil.copy(deb, folder + "/doorward.deb")
    inside = lambda *words, **rest: run("chroot", folder, *words, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, **rest)
    inside("apt-get", "update", "-q")
    inside("apt-get", "install", "-y", "-q", "--no-install-recommends", "/doorward.deb")
    assert inside("stat", "-c", "%U %a", "/var/lib/doorward").split() == ["doorward", "700"] and inside("stat", "-c", "%U %G %a", "/etc/doorward.conf").split() == ["root", "doorward", "640"]
    store = ["--store", "/var/lib/doorward/site.db"]
    inside("setpriv", "--reuid=doorward", "--regid=doorward", "--clear-groups", "doorward", "init", "--name", "村", *store)
    assert "faults" in inside("doorward", "verify", "--json", *store)
    serve = "setpriv --reuid=doorward --regid=doorward --clear-groups doorward serve --store /var/lib/doorward/site.db --listen 127.0.0.1:0 --app /usr & p=$!; sleep 3; kill -TERM $p; wait $p"
    assert "/api/v1/docs" in inside("sh", "-c", serve)
    inside("apt-get", "install", "-y", "-q", "--reinstall", "/doorward.deb")
    inside("apt-get", "purge", "-y", "-q", "doorward")
    assert os.path.exists(folder + "/var/lib/doorward/site.db") and not os.path.exists(folder + "/usr/bin/doorward") and not os.path.exists(folder + "/etc/doorward.conf")


def main():
    tests = [test_what_lies_in_it, test_lintian_finds_nothing, test_the_unit_is_hardened, test_nginx_takes_the_example] + ([test_in_a_clean_debian] if "--chroot" in sys.argv else [])
    passed = failed = 0
    deb = package()
    for test in tests:
        with tempfile.TemporaryDirectory(prefix="doorward-package-") as folder:
            os.chmod(folder, 0o755)
            try:
                test(deb, folder)
                passed += 1
            except Exception:
                failed += 1
                print(f"FAIL {test.__name__}\n{traceback.format_exc()}")
    print(f"package: {passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
