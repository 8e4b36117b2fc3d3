import { PHASE_PRODUCTION_BUILD } from 'next/constants.js'
import { requireVariables } from './variables.js'

/** @returns {import('next').NextConfig} */
export default function config(phase) {
  // A build needs no keys; a running application does.
  if (phase !== PHASE_PRODUCTION_BUILD) requireVariables()
  return { poweredByHeader: false }
}
