/** Text made safe for HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A table; cells are text, the `numericCount` columns after the first are numbers. The first heads its row. */
export function htmlTable(
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  numericCount = headings.length,
): string {
  const kind = (c: number): string => (c > 0 && c <= numericCount ? ' class="number"' : '');
  const head = headings.map((h, c) => `<th scope="col"${kind(c)}>${escapeHtml(h)}</th>`).join('');
  const body = rows
    .map(
      row =>
        `<tr>${row
          .map((cell, c) =>
            c === 0
              ? `<th scope="row">${escapeHtml(cell)}</th>`
              : `<td${kind(c)}>${escapeHtml(cell)}</td>`,
          )
          .join('')}</tr>`,
    )
    .join('\n');
  return `<div class="scroll"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></div>`;
}

/** JSON that cannot end the script element that it stands in. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
