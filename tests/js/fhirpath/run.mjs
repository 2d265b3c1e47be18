// Reads one JSON object from standard input: resources by name, and questions [expression, resource name, repetitions].
// Writes one JSON line for each: { "values": [...] } or { "error": "..." }, with the microseconds of one evaluation
// where repetitions are asked for.
import fhirpath from "fhirpath";
import model from "fhirpath/fhir-context/r4/index.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const { resources, variables, questions } = JSON.parse(text);

function shown(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "object" && typeof value.toJSON === "function") return shown(value.toJSON());
  if (typeof value === "bigint") return { number: value.toString() };
  if (typeof value === "number") return { number: String(value) };
  if (typeof value === "object" && value.constructor && value.constructor.name.startsWith("FP_")) return String(value);
  return value;
}

const options = { traceFn: () => {}, async: false, signal: undefined };
for (const [expression, name, repetitions] of questions) {
  let answer;
  try {
    const given = variables[name];
    const run = fhirpath.compile(expression, model, options);
    const input = resources[name];
    answer = { values: run(input, given).map(shown) };
    if (repetitions) {
      const began = process.hrtime.bigint();
      for (let i = 0; i < repetitions; i++) run(input, given);
      answer.micros = Number((process.hrtime.bigint() - began) / 1000n) / repetitions;
    }
  } catch (error) {
    answer = { error: String(error.message ?? error).split("\n")[0].slice(0, 120) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
