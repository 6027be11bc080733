/** The names that are JavaScript variables at one point of the generated code. */
export class Scope {
  readonly parent: Scope | undefined
  readonly #names = new Map<string, { variable: string; certain: boolean }>()

  constructor(parent: Scope | undefined) {
    this.parent = parent
  }

  /** Binds a name; `certain` when the variable never holds JavaScript's `undefined`. */
  declare(name: string, variable: string, certain: boolean): void {
    this.#names.set(name, { variable, certain })
  }

  find(name: string): { variable: string; certain: boolean } | undefined {
    return this.#names.get(name) ?? this.parent?.find(name)
  }

  /** Every visible name with its variable. */
  visible(): Map<string, string> {
    const all = this.parent?.visible() ?? new Map<string, string>()
    for (const [name, { variable }] of this.#names) all.set(name, variable)
    return all
  }
}

/** The JavaScript function being written: its text, its buffer for output, its temporary variables. */
export class FunctionWriter {
  lines: string[] = []
  /** The variable that output is appended to. */
  out = 'o'
  loops = 0
  /** Whether it writes the top level of a template, where names are exported. */
  readonly root: boolean
  readonly #temporaries: string[] = []
  readonly #fresh: () => string

  constructor(root: boolean, fresh: () => string) {
    this.root = root
    this.#fresh = fresh
  }

  emit(line: string): void {
    this.lines.push(line)
  }

  temporary(): string {
    const name = this.#fresh()
    this.#temporaries.push(name)
    return name
  }

  /** The statements with the declarations they need before them. */
  finish(): string {
    return [`let o='',t,p=0${this.#temporaries.map((name) => `,${name}`).join('')};`, ...this.lines].join('\n')
  }
}
