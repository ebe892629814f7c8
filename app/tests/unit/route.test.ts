import { expect, test } from "vitest";
import { matches, query, withQuery } from "../../src/ui/route";

test("whatever a value holds comes back as it was", () => {
  for (const value of ["A+1", "a b", "50%", "%2B", "=&?#", "箱 1/2", "3-1-2·301", "+", "%", "Nguyễn"]) {
    expect(query(withQuery("/tubes?old=1", [["open", value], ["x", "y"]])).get("open")).toBe(value);
    expect(query(`/tubes?open=${encodeURIComponent(value)}`).get("open")).toBe(value);
  }
  expect([...query("/tubes?open=A+1&use=retest")]).toEqual([["open", "A+1"], ["use", "retest"]]);
  expect([...query("/tubes")]).toEqual([]);
  expect(withQuery("/tubes?open=1", [])).toBe("/tubes");
  expect(withQuery("/persons", [["q", "林 志强"]])).toBe("/persons?q=林%20志强");
});

test("a place is known by its parts, each taken apart before it is read", () => {
  expect(matches("/door/{id}", "/door/a%2Fb?x=1")).toEqual({ id: "a/b" });
  expect(matches("/door/{id}", "/door/%")).toEqual({ id: "%" });
  expect(matches("/door/{id}", "/door/1/add")).toBeNull();
  expect(matches("/", "/?round=2")).toEqual({});
});
