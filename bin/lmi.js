#!/usr/bin/env node
// Old syntax on purpose (see package.json beside this file): a Node that is too old must be able to say so.
"use strict";
var engines = require("../package.json").engines.node;

/** `^22.22.2 || ^24.15.0 || >=26.0.0` is all the grammar that is needed here. */
function satisfies(version, range) {
  var has = version.replace(/^v/, "").split("-")[0].split(".").map(Number);
  return range.split("||").some(function (part) {
    var match = /^\s*(\^|>=)(\d+)\.(\d+)\.(\d+)\s*$/.exec(part);
    if (!match) return false;
    var wants = [Number(match[2]), Number(match[3]), Number(match[4])];
    if (match[1] === "^" && has[0] !== wants[0]) return false;
    for (var i = 0; i < 3; i += 1) {
      if (has[i] !== wants[i]) return has[i] > wants[i];
    }
    return true;
  });
}

if (satisfies(process.version, engines)) {
  var enableCompileCache = require("node:module").enableCompileCache;
  if (enableCompileCache) enableCompileCache();
  // Not import(), which would wake Node's loader of ES modules for commands that need none.
  require("../dist/bundle/front.cjs")
    .mainProcess(process.argv.slice(2))
    .then(function (code) {
      process.exitCode = code;
    })
    .catch(function (error) {
      process.stderr.write(String(error.stack || error) + "\n");
      process.exitCode = 1;
    });
} else {
  process.stderr.write(
    "lmi needs Node " + engines + "; this is " + process.version + " (" + process.execPath + ").\n",
  );
  process.exitCode = 2;
}
