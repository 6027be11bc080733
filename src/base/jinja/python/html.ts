/** `& < > ' "` as HTML entities, the way markupsafe writes them. */
export function escapeHtml(text: string): string {
  if (!/[&<>'"]/.test(text)) return text
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&#39;')
    .replaceAll('"', '&#34;')
}

/** The named entities of HTML 4 that stand for one character of Latin 1 from 160 on, in their order. */
const LATIN = `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3
  acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig
  Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash
  Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc
  euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute
  thorn yuml`.split(/\s+/)

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  bull: '•',
  hellip: '…',
  euro: '€',
  trade: '™',
  larr: '←',
  rarr: '→',
  ...Object.fromEntries(LATIN.map((name, index) => [name, String.fromCharCode(160 + index)])),
}

/** Characters for numeric entities and for the named ones of Latin 1 and punctuation; others stay as they are. */
export function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d+)|#[xX]([\da-fA-F]+)|([A-Za-z]\w*));/g, (all, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] as string) : all
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    const valid = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    return valid ? String.fromCodePoint(code) : '\ufffd'
  })
}

/** The text without tags and comments, with single spaces, and with characters for its entities. */
export function stripTags(text: string): string {
  let out = ''
  let at = 0
  for (let start = text.indexOf('<', at); start >= 0; start = text.indexOf('<', at)) {
    const [close, from] = text.startsWith('<!--', start) ? ['-->', start + 4] : ['>', start]
    const end = text.indexOf(close, from)
    if (end < 0) break
    out += text.slice(at, start)
    at = end + close.length
  }
  out += text.slice(at)
  return unescapeHtml(
    out
      .split(/\s+/)
      .filter((word) => word !== '')
      .join(' '),
  )
}
