/** A command that does the work once; its process is started anew for each run. */
export interface Work {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** A file for its standard output, when that is the result. */
  readonly stdout?: string
  /** Exit codes that are no failure; 0 unless told. */
  readonly exitCodes?: readonly number[]
}

/** One side of a comparison. */
export interface Contestant {
  readonly name: string
  /**
   * `ours` is compared with each `peer` (what a user would otherwise pick) and each `reference` (what is possible); sides
   * that are all ours are different work, and are compared with nobody.
   */
  readonly role: 'ours' | 'peer' | 'reference'
  /** Name and version of what runs, for the record. */
  readonly version: string
  /**
   * The work, with an empty folder for its output. It may print a line `BENCH {"seconds":…,"cpuSeconds":…}`, which
   * then counts instead of the whole process; used to leave a session's start out.
   */
  readonly work: (out: string) => Work | Promise<Work>
  /** A text that is equal for equal outputs. */
  readonly result: (out: string) => Promise<string>
  /** Work that is measured but whose output is not compared, because it is another output; says why. */
  readonly incomparable?: string
}

/** What one side is to reach against another. */
export interface Target {
  readonly against: string
  /** `wall` or `cpu` seconds. */
  readonly measure: 'wall' | 'cpu'
  /** Theirs divided by ours shall be at least this. */
  readonly atLeast: number
}

/** What a side of ours is to stay below by itself, where there is nobody to compare it with. */
export interface Limit {
  readonly side: string
  readonly measure: 'wall' | 'cpu'
  readonly atMostSeconds: number
}

/** A bench: the same work done by several, in alternation. */
export interface Bench {
  readonly name: string
  readonly summary: string
  /** The size of the work; `--scale` multiplies it. */
  readonly prepare: (scale: number) => Promise<Prepared>
}

/** A bench whose data lie ready. */
export interface Prepared {
  /** What the data are, in one sentence. */
  readonly data: string
  readonly contestants: readonly Contestant[]
  readonly targets: readonly Target[]
  readonly limits?: readonly Limit[]
  /** The process of a server whose processor time is told beside. */
  readonly server?: number
  /** Sentences computed from the results, such as a rate. */
  readonly remarks?: (results: ReadonlyMap<string, Summary>) => readonly string[]
}

/** One run of one contestant. */
export interface Measured {
  readonly wall: number
  readonly cpu: number
  /** Processor seconds of the server, when there is one. */
  readonly server: number
  /** Greatest resident memory of the process and its children together, in bytes. */
  readonly memory: number
}

/** The runs of a contestant. */
export interface Summary {
  readonly runs: readonly Measured[]
  readonly median: Measured
}
