/** The `path` of an add action for a file below the table's folder: each segment percent-encoded, `=` kept. */
export function encodePath(relative: string): string {
  return relative
    .split('/')
    .map((segment) => encodeURIComponent(segment).replaceAll('%3D', '='))
    .join('/')
}

/** The file's real path (or URL) that an action's `path` stands for; a path that is not well encoded is taken as is. */
export function decodePath(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/**
 * What tells one file from another during replay: the decoded path, an absolute `file:` URL in its shortest form
 * (Delta protocol, "Action Reconciliation").
 */
export function fileKey(path: string): string {
  return decodePath(path).replace(/^file:\/*/, 'file:/')
}

/** Where the file of an action lies: an absolute path or URL as it is, anything else below the table's folder. */
export function absolutePath(path: string, locate: (relative: string) => string): string {
  const decoded = decodePath(path)
  if (decoded.startsWith('file:')) return decoded.replace(/^file:\/*/, '/')
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(decoded) || decoded.startsWith('/')) return decoded
  return locate(decoded)
}
