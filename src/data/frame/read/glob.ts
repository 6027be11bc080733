const GLOB = /[*?[\]{}]/

/** Whether an address is a pattern. */
export function isGlob(address: string): boolean {
  return GLOB.test(address.replace(/^\w+:\/\//, ''))
}

/** A pattern as a regular expression; its first group is what was matched, its second what follows a matched folder. */
export function globPattern(glob: string): RegExp {
  return new RegExp(`^(${globText(glob)})(/.*)?$`)
}

function globText(glob: string): string {
  return glob.replaceAll(/\\.|\*\*\/?|\*|\?|\[[!^]?[^\]]+\]|\{[^}]*\}|[.+^$()|\\{}[\]]/g, (token) => {
    if (token === '**/') return '(?:.*/)?'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    if (token.length === 2 && token.startsWith('\\')) return token
    if (token.length > 1 && token.startsWith('{')) return `(?:${token.slice(1, -1).split(',').map(globText).join('|')})`
    if (token.length > 2 && token.startsWith('[')) return token.replace(/^\[!/, '[^')
    return `\\${token}`
  })
}
