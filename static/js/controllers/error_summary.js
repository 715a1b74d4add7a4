// After a failed submit the summary is the first thing to read.
export function connect(summary) {
  summary.focus();
}
