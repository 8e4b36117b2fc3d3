#!/usr/bin/env node
import { createRequire, enableCompileCache } from './node-module.js'

enableCompileCache()
const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
const { main } = await import('./main.js')
await main(version)
