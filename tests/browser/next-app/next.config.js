import { fileURLToPath } from 'node:url'

/** The folder with the packages, which is above this one. */
const root = fileURLToPath(new URL('../..', import.meta.resolve('next/package.json')))

/** @type {import('next').NextConfig} */
export default { poweredByHeader: false, outputFileTracingRoot: root, turbopack: { root } }
