// Makes a photo smaller, upright, without what the camera wrote into it; beside the page, which
// stays quick.

const LONG_SIDE = 2048;
const QUALITY = 0.85;

self.addEventListener("message", async ({ data: { id, file } }) => {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONG_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
    self.postMessage({ id, bytes: await blob.arrayBuffer() });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
});
