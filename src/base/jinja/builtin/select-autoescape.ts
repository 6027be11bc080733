/** Which templates escape what they print, by how their names end. */
export interface AutoescapeSelection {
  /** Extensions, with or without the dot; `html`, `htm` and `xml` when absent. */
  readonly enabled?: readonly string[]
  readonly disabled?: readonly string[]
  /** For templates that were not loaded by a name; true when absent. */
  readonly forText?: boolean
  /** For names with none of these extensions; false when absent. */
  readonly otherwise?: boolean
}

/** jinja2's `select_autoescape`: an `autoescape` for an environment. */
export function selectAutoescape(selection: AutoescapeSelection = {}): (name?: string) => boolean {
  const { enabled = ['html', 'htm', 'xml'], disabled = [], forText = true, otherwise = false } = selection
  const endsWith = (name: string, extensions: readonly string[]): boolean =>
    extensions.some((extension) => name.endsWith(`.${extension.replace(/^\.+/, '').toLowerCase()}`))
  return (name) => {
    if (name === undefined) return forText
    const lower = name.toLowerCase()
    return endsWith(lower, enabled) || (!endsWith(lower, disabled) && otherwise)
  }
}
