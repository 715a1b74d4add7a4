// A photo as it leaves the phone: smaller, and drawn anew, so that nothing is in it but the picture. Where and with which
// camera it was taken stands in the file that stays behind.
const LONGEST = 1600; // px: a page of handwriting can still be read
const QUALITY = 0.85;

/** Width and height of a picture made to fit, never made larger. */
export function fitted(width, height, longest = LONGEST) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [width, height].map((side) => Math.max(1, Math.round(side * scale)));
}

// The way the camera was held is told beside the picture; browsers that do not know the word heed it all the same.
const decoded = (file) => createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => createImageBitmap(file));

/** The picture in `file` as a small JPEG. Rejects when this browser cannot read it. */
export async function shrunk(file) {
  const bitmap = await decoded(file);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = fitted(bitmap.width, bitmap.height);
  const pen = canvas.getContext("2d", { alpha: false });
  pen.fillStyle = "#fff"; // what was see-through would turn black
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const made = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
  canvas.width = 0; // some phones keep the memory until then
  if (made?.type !== "image/jpeg") throw new Error("not drawn");
  return made;
}
