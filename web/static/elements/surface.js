// The labeling surface with all its elements, registered.
import { defineElements } from './define.js'

defineElements()
