/**
 * What the code does with text it prints and makes: leaves it as it is, escapes it, or asks the context, where the
 * template decides by a value (`{% autoescape x %}`).
 */
export type Escaping = 'off' | 'on' | 'asked'

/** Code for what a value prints as. */
export function printed(value: string, escaping: Escaping): string {
  if (escaping === 'asked') return `(c.autoescape?h.escaped:h.str)(${value})`
  return escaping === 'on' ? `h.escaped(${value})` : `h.str(${value})`
}

/** Code for the text that code of this kind made, as a value: `Markup` where it was escaped. */
export function made(text: string, escaping: Escaping): string {
  if (escaping === 'off') return text
  return escaping === 'on' ? `new h.Markup(${text})` : markedLater(text)
}

/** Code for a value that is `Markup` where the context escapes when it runs. */
export function markedLater(value: string): string {
  return `h.marked(c,${value})`
}
