import type { Json } from '../../base/kernel/index.ts'

const TOKEN = /"(?:[^"\\]|\\.)*"|(?<![\w.+-])-?Infinity(?!\w)|(?<![\w.+-])NaN(?!\w)/g

/**
 * JSON as Python's `json.loads` reads it, which takes NaN and Infinity as numbers (here null); undefined when it is
 * none. Source: Python, "json", Infinite and NaN Number Values.
 */
export function pythonJson(text: string): Json | undefined {
  const value = parsed(text)
  if (value !== undefined || !/NaN|Infinity/.test(text)) return value
  return parsed(text.replace(TOKEN, plain))
}

function plain(token: string): string {
  return token.startsWith('"') ? token : 'null'
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
