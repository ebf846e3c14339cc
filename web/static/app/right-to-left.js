/** Fetched with a language that is written from right to left. */
import css from '../styles/rtl.css' with { type: 'text' }
import { adopt } from '../elements/sheet.js'

adopt(css)
