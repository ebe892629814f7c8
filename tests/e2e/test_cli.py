"""The command line itself: help, languages, exit status, errors."""
import json
import os

from tool import ask, call, commands


def test_help_of_every_command_in_both_languages(program, folder):
    for command in commands():
        for lang, text in (("zh", command["zh"]), ("en", command["en"])):
            said = call(program, *command["words"].split(), "--help", "--lang", lang).stdout
            assert text in said, said
            for option in command["options"]:
                assert "--" + option["name"] in said and option[lang] in said, said


def test_language_follows_the_system(program, folder):
    assert "用法" in call(program, "--help", env={"LANG": "zh_CN.UTF-8", "LC_ALL": ""}).stdout
    assert "Usage" in call(program, "--help", env={"LANG": "C", "LC_ALL": ""}).stdout
    assert "用法" in call(program, "--help", env={"DOORWARD_LANG": "zh"}).stdout


def test_wrong_usage_is_status_2_and_says_what_to_do(program, folder):
    for words in ([], ["foo"], ["round", "missing", "--nothing"], ["import", "list", "x.csv"], ["round", "status", "--round", "x"],
                  ["init"], ["verify", "too", "many"], ["import", "list", "--as", "poem", "x.csv"]):
        done = call(program, *words, status=2, folder=folder)
        assert done.stdout == "" and "--help" in done.stderr, done.stderr


def test_errors_are_json_when_asked(program, folder):
    error = json.loads(call(program, "verify", "--store", "none.db", "--json", status=1, folder=folder).stderr)
    assert error["error"] == "NOT_FOUND" and error["fix"], error
    assert not os.path.exists(os.path.join(folder, "none.db"))


def test_a_site_is_made_once(program, folder):
    made = ask(program, "init", "--name", "洋埭村", "--code", "350582101201", "--store", "a.db", folder=folder)
    assert made["name"] == "洋埭村"
    before = open(os.path.join(folder, "a.db"), "rb").read()
    error = json.loads(call(program, "init", "--name", "x", "--store", "a.db", "--json", status=1, folder=folder).stderr)
    assert error["error"] == "EXISTS"
    assert open(os.path.join(folder, "a.db"), "rb").read() == before
    assert ask(program, "verify", "--store", "a.db", folder=folder)["faults"] == 0
    assert call(program, "round", "open", "--store", "a.db", status=1, folder=folder).stderr


def test_a_foreign_file_is_no_store(program, folder):
    for content in (b"", b"hello", b"SQLite format 3\0" + b"\xff" * 4096):
        path = os.path.join(folder, "f.db")
        open(path, "wb").write(content)
        call(program, "round", "status", "--store", "f.db", status=1, folder=folder)
        assert open(path, "rb").read() == content
