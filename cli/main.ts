import { commandLoaders } from './commands/command-loaders.ts'
import { runProgram } from './run-program.ts'

// Loading everything takes seconds, so a command that is named is loaded alone.
const name = process.argv[2] ?? ''
const named = Object.hasOwn(commandLoaders, name) ? commandLoaders[name] : undefined
const loaders = named === undefined ? Object.values(commandLoaders) : [named]
await runProgram(await Promise.all(loaders.map((load) => load())))
