/** For the benchmark and for looking around in the console. */
declare var intents: import("../elements/types.js").Intent[]
declare var openedIn: number
