/*
 * Puts calls to api.video's Node.js client; started as `node apivideo.cjs <the client's folder>`.
 *
 * Speaks the same conversation as drive.py: calls come on stdin, answers go to stdout. An array of arguments is
 * positional; an object is the one argument that most of the client's methods take.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const folder = process.argv[2];
const library = require(path.join(folder, 'node_modules', '@api.video', 'nodejs-client'));
const ApiVideoClient = library.default ?? library;

// Only answers may go to stdout.
console.log = console.info = console.error;

async function main() {
  const { base_url: baseUri, key: apiKey, calls } = JSON.parse(fs.readFileSync(0, 'utf8'));
  const clients = {};
  const client = (key) => (clients[key] ??= new ApiVideoClient({ apiKey: key, baseUri }));
  const answers = [];
  for (const call of calls) answers.push(await answer(client(call.key ?? apiKey), call));
  process.stdout.write(JSON.stringify(answers));
}

async function answer(client, call) {
  try {
    const value = await ask(client, call);
    return { name: call.name, ok: true, type: value?.constructor?.name ?? 'undefined', value: value ?? null };
  } catch (error) {
    return { name: call.name, ok: false, ...failure(error) };
  }
}

/** `rawStatistics.listVideoSessions`: an API of the client and a method of it. */
function ask(client, call) {
  const [api, method] = call.method.split('.');
  const positional = Array.isArray(call.arguments) ? call.arguments : [typed(call.arguments)];
  return client[api][method](...positional);
}

/** Instants as the dates that newer versions want; plain days stay text. */
function typed(named) {
  const instants = ['from', 'to'].filter((name) => named[name]?.includes('T'));
  return { ...named, ...Object.fromEntries(instants.map((name) => [name, new Date(named[name])])) };
}

/** What the client kept of an error: `problemDetails` is text in its older versions and an object in its newer ones. */
function failure(error) {
  const { code, problemDetails, message, constructor } = error;
  const status = typeof code === 'number' ? code : null;
  return { error: constructor.name, status, message: message ?? '', body: parsed(problemDetails) };
}

function parsed(body) {
  if (typeof body !== 'string') return body ?? null;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

main();
