/** The command line as its `bin` runs it, from the sources. */
import { main } from '../../../src/doors/cli/main.ts'

process.exitCode = await main(process.argv.slice(2))
