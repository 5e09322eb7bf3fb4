// What lies on the device is sealed with a key that the browser keeps and never shows, to scripts
// neither: whoever copies the files of the browser's profile gets no words and no pictures.

const KIND = "AES-GCM";

export const makeKey = () => crypto.subtle.generateKey({ name: KIND, length: 256 }, false, ["encrypt", "decrypt"]);

export async function seal(key, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, sealed: await crypto.subtle.encrypt({ name: KIND, iv }, key, bytes) };
}

export const unseal = (key, { iv, sealed }) => crypto.subtle.decrypt({ name: KIND, iv }, key, sealed);

export const sealWords = (key, value) => seal(key, new TextEncoder().encode(JSON.stringify(value)));

export const unsealWords = async (key, row) => JSON.parse(new TextDecoder().decode(await unseal(key, row)));

export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A UUIDv7: the time, then chance.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let place = 5; place >= 0; place -= 1) {
    bytes[place] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
