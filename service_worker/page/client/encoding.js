// The bytes that a form sends, made by hand: WebKit loses files when it is asked for the bytes of a whole form.
import { makeRoom } from "./rows.js";

const utf8 = new TextEncoder();

function entries(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  return [...data];
}

// Names and values as browsers write them into a multipart header (HTML standard, "multipart/form-data encoding algorithm").
const quoted = (name) => name.replace(/\r\n|\r|\n/g, "%0D%0A").replaceAll('"', "%22");
const lines = (value) => value.replace(/\r\n|\r|\n/g, "\r\n");

async function multipart(fields) {
  const boundary = `----handbook${crypto.randomUUID()}`;
  const parts = [];
  for (const [name, value] of fields) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"`;
    if (typeof value === "string") parts.push(utf8.encode(`${head}\r\n\r\n${lines(value)}\r\n`));
    else {
      const type = value.type || "application/octet-stream";
      parts.push(utf8.encode(`${head}; filename="${quoted(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`));
      parts.push(new Uint8Array(await value.arrayBuffer()), utf8.encode("\r\n"));
    }
  }
  parts.push(utf8.encode(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: await new Blob(parts).arrayBuffer() };
}

/** What `form` would send, pressed at `submitter`: {contentType, body}. */
export async function encode(form, submitter) {
  const fields = entries(form, submitter);
  if (form.enctype === "multipart/form-data") return multipart(fields);
  const text = new URLSearchParams(fields.map(([name, value]) => [name, typeof value === "string" ? lines(value) : value.name]));
  return { contentType: "application/x-www-form-urlencoded", body: utf8.encode(text.toString()).buffer };
}

/** What is being done with `form`, told apart from the same with another text. */
export function labelOf(form) {
  const { outbox, outboxTitle } = form.dataset;
  const title = outboxTitle && form.elements.namedItem(outboxTitle).value.trim();
  return title ? `${outbox}: ${title}` : outbox;
}

/** The files that follow `form`'s text, as its field names them (data-files is the address they go to), to be spread into a message. */
export function filesOf(form) {
  const field = form.querySelector("input[data-files]");
  return field ? { files: JSON.parse(field.value), filesAt: field.dataset.files } : {};
}

/** Put what `form` once would have sent back into it: words, choices and files, sent with it or after it. */
export async function fillFrom(form, { contentType, body }) {
  const data = await new Response(body, { headers: { "Content-Type": contentType } }).formData();
  makeRoom(form, [...data.keys()]);
  for (const field of form.elements) {
    const values = field.name ? data.getAll(field.name) : [];
    if (field.dataset.files && values.length) {
      [field.value] = values;
      field.dispatchEvent(new Event("hb:filled"));
    }
    if (!field.name || ["hidden", "submit", "button"].includes(field.type)) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (!values.length) continue;
    else if (field.type === "file") {
      const files = new DataTransfer();
      for (const file of values) if (file.size) files.items.add(file);
      field.files = files.files;
    } else [field.value] = values;
  }
  form.dispatchEvent(new CustomEvent("hb:filled", { detail: data }));
}