import { testApplication } from './suite.js'

testApplication(import.meta.dirname)
