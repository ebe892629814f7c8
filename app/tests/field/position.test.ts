/** Sharing where a phone is: only while it is switched on, open and has a network; never afterwards. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { SHIFT_MS } from "../../src/field/position";
import { World } from "../browser/world";
import { enrolled, reopened } from "./kit";

let world: World;
let token: string;
let member: string;
beforeAll(async () => {
  world = await World.begin(120, 3);
  token = await world.signIn();
  member = world.account("keeper", "林包栋", "keeper", "1-1");
}, 120000);
afterAll(() => world.end(), 60000);

/** A place that can be moved, and how often it was asked for. */
function place() {
  const at = { lon: 118.5, lat: 24.7, asked: 0, code: 0 };
  const geo: Pick<Geolocation, "getCurrentPosition"> = {
    getCurrentPosition: (done, failed) => {
      at.asked++;
      if (at.code !== 0) failed?.({ code: at.code } as GeolocationPositionError);
      else done({ coords: { longitude: at.lon, latitude: at.lat, accuracy: 12.4 }, timestamp: Date.now() } as GeolocationPosition);
    },
  };
  return { at, geo };
}

test("told once it is switched on, at once and again after a look; not when locked, and off after a shift", async () => {
  const { at, geo } = place();
  const { handle, phone } = await enrolled(world, member, token, undefined, { geo });
  const known = async () => (await world.call("GET", "/positions", undefined, token)).items.filter((one: { device: string }) => one.device === phone.device.value);
  expect([phone.sharing.value.until, at.asked, await known()]).toEqual([null, 0, []]);
  phone.share(true);
  await vi.waitFor(() => expect(phone.sharing.value.at).not.toBeNull());
  expect(await known()).toMatchObject([{ member, lon: 1185000000, lat: 247000000, accuracy: 12 }]);

  at.lon = 118.6;
  phone.lock();
  (phone as any).position.look();
  expect(at.asked).toBe(1);
  phone.close();

  const again = await reopened(handle);
  await vi.waitFor(() => expect(again.sharing.value.at).not.toBeNull());
  expect(await known()).toMatchObject([{ lon: 1186000000 }]);
  handle.ahead = SHIFT_MS + 1000;
  (again as any).position.look();
  expect([again.sharing.value.until, at.asked]).toEqual([null, 2]);
  again.close();
  const third = await reopened(handle);
  expect([third.sharing.value.until, at.asked]).toEqual([null, 2]);
  third.close();
});

test("what nobody heard is not told later: with the network there comes the place of then", async () => {
  const { at, geo } = place();
  const heard: number[] = [];
  let cut = false;
  const { phone } = await enrolled(world, member, token, undefined, {
    geo,
    fetch: async (input, init) => {
      if (cut) throw new TypeError("no network");
      if (String(input).endsWith("/positions")) heard.push(JSON.parse(String(init!.body)).lon as number);
      return fetch(input, init);
    },
  });
  cut = true;
  phone.share(true);
  await vi.waitFor(() => expect(at.asked).toBe(1));
  await phone.syncNow();
  expect([phone.sync.value.online, phone.sharing.value.at]).toEqual([false, null]);
  (phone as any).position.look();
  expect(at.asked).toBe(1); // without a network nobody is asked where he is
  cut = false;
  at.lon = 118.7;
  await phone.syncNow();
  await vi.waitFor(() => expect(phone.sharing.value.at).not.toBeNull());
  expect(heard).toEqual([1187000000]);
  phone.share(false);
  (phone as any).position.look();
  expect([at.asked, phone.sharing.value]).toEqual([2, { until: null, at: null, trouble: null }]);
  phone.close();
});

test("without leave it is off and says so; without a place it tries again", async () => {
  const { at, geo } = place();
  const { phone } = await enrolled(world, member, token, undefined, { geo });
  at.code = 1;
  phone.share(true);
  expect(phone.sharing.value).toEqual({ until: null, at: null, trouble: "denied" });
  at.code = 2;
  phone.share(true);
  expect(phone.sharing.value).toMatchObject({ at: null, trouble: "no_fix" });
  at.code = 0;
  (phone as any).position.look();
  await vi.waitFor(() => expect(phone.sharing.value.at).not.toBeNull());
  expect(phone.sharing.value.trouble).toBeNull();
  phone.close();
});
