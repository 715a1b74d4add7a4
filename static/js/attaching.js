// What may be attached to a text, and under which name: pure, so that every case can be tested.
const LONGEST_NAME = 150;
const PDF = "%PDF-";
const HEIC = /^ftyp(hei[cxms]|hev[cxms]|mif1|msf1)$/;

/** Why one more file of so many bytes may not come to `files`, by the name of its sentence; null when it may. */
export function refusal(files, bytes, { most, each, together }) {
  if (files.length >= most) return "wordMost";
  if (bytes > each) return "wordEach";
  const sum = files.reduce((all, file) => all + file.bytes, bytes);
  return sum > together ? "wordTogether" : null;
}

/** A file's name as it may be sent, with the ending of what is sent. */
export function nameOf(name, ending) {
  const plain = name.normalize("NFC").replace(/\.[^.]{0,8}$/, "").replace(/[\u0000-\u001f\u007f/\\]+/g, " ").trim();
  return [...(plain || "1")].slice(0, LONGEST_NAME - ending.length).join("") + ending; // no letter is cut in two
}

/** Whether a file is a PDF: by what it begins with, since its name may say anything. */
export const isPdf = async (file) => (await file.slice(0, PDF.length).text()) === PDF;

/** Whether a file is a photo in the way of iPhones, which few browsers can read: ISO/IEC 23008-12, its brands. */
export const isHeic = async (file) => HEIC.test(await file.slice(4, 12).text());
