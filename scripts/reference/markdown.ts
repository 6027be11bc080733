/** The line that says that a page is made. */
export const NOTICE = '<!-- Written by `npm run docs` from the code; do not edit. -->'

const cell = (text: unknown) =>
  String(text ?? '')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')

/** A table of Markdown; empty when it has no lines. */
export const rows = (head: readonly string[], lines: readonly (readonly unknown[])[]) =>
  lines.length === 0
    ? ''
    : [
        `| ${head.join(' | ')} |`,
        `|${head.map(() => '---').join('|')}|`,
        ...lines.map((line) => `| ${line.map(cell).join(' | ')} |`),
      ].join('\n')
