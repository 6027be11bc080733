import { frameOf } from '../../../../../src/data/frame/index.ts'
import type { FileCase } from '../file-case.ts'

const text = (name: string, content: string, options: Readonly<Record<string, string | boolean>> = {}): FileCase => ({
  name: `${name} ${JSON.stringify(options)}`,
  frame: frameOf({ op: 'read', format: 'text', paths: ['in.txt'], options }),
  files: { 'in.txt': content },
})

const TEXTS: Record<string, string> = {
  lines: 'a\nb\n',
  'no end': 'a\nb',
  'empty lines': '\n\na\n\n\nb\n\n',
  'windows lines': 'a\r\nb\r\n\r\n',
  'mixed lines': 'a\rb\nc\r\nd\r',
  spaces: '  a \n\tb\n',
  unicode: '\ufeffé\n\u{1F600}\u2028x\n',
  nothing: '',
  'one end': '\n',
}

export const cases: readonly FileCase[] = [
  ...Object.entries(TEXTS).flatMap(([name, content]) => [
    text(name, content),
    text(name, content, { wholetext: true }),
    text(name, content, { lineSep: 'a' }),
  ]),
]
