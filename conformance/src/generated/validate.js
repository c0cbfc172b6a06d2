// Generated from schema/*.json by scripts/schemas.ts.
var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};

// ../node_modules/ajv/dist/runtime/ucs2length.js
var require_ucs2length = __commonJS({
  "../node_modules/ajv/dist/runtime/ucs2length.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    function ucs2length(str) {
      const len = str.length;
      let length = 0;
      let pos = 0;
      let value;
      while (pos < len) {
        length++;
        value = str.charCodeAt(pos++);
        if (value >= 55296 && value <= 56319 && pos < len) {
          value = str.charCodeAt(pos);
          if ((value & 64512) === 56320)
            pos++;
        }
      }
      return length;
    }
    exports.default = ucs2length;
    ucs2length.code = 'require("ajv/dist/runtime/ucs2length").default';
  }
});

// <stdin>
var validateConfig = validate10;
var schema11 = { "$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://tidemark.example/schemas/conformance/config.json", "title": "config", "description": "A configuration of `tidemark-conformance server -c`. Flags of the command line take precedence.", "type": "object", "properties": { "spec": { "description": "The version of the specification.", "type": "string", "const": "1.0" }, "target": { "$ref": "#/definitions/TargetConfig" }, "mechanisms": { "$ref": "#/definitions/MechanismsConfig" }, "limits": { "$ref": "#/definitions/LimitsConfig" }, "driver": { "$ref": "#/definitions/DriverConfig" }, "control": { "$ref": "#/definitions/ControlConfig" }, "allow": { "description": "The most that the suite may do to the target.", "enum": ["observe", "provoke", "publish"], "type": "string" }, "channels": { "description": "The name of a test's channel; {run} and {test} are replaced.", "type": "string" }, "baseline": { "description": "A file of known failures, relative to this one.", "type": "string" }, "run": { "description": "Globs over test ids: run only these.", "type": "array", "items": { "type": "string" } }, "skip": { "description": "Globs over test ids: skip these.", "type": "array", "items": { "type": "string" } }, "requirement": { "description": "Globs over requirement ids: run only tests that check one of them.", "type": "array", "items": { "type": "string" } }, "strict": { "description": "Count an unmet SHOULD as a violation.", "type": "boolean" }, "require-complete": { "description": "Exit 4 unless every MUST was verified.", "type": "boolean" }, "jobs": { "description": "The number of tests that run at once: a whole number of 1 or more.", "minimum": 1, "type": "integer" }, "seed": { "description": "The seed of all random choices: a whole number of 0 or more.", "minimum": 0, "type": "integer" }, "budget": { "$ref": "#/definitions/Duration", "description": "Stop the run after this time." }, "reporter": { "description": "As for --reporter: pretty,junit=out.xml", "type": "string" }, "transcripts": { "description": "Keep the transcripts of passed tests too.", "type": "boolean" } }, "additionalProperties": false, "required": ["target"], "definitions": { "TargetConfig": { "description": "The server under test.", "type": "object", "properties": { "url": { "$ref": "#/definitions/UrlTemplate", "description": "The channels' URL with {channel}, the base URL of the channels, or the URL of one channel." }, "start": { "$ref": "#/definitions/StartConfig" }, "headers": { "$ref": "#/definitions/Headers", "description": "Sent with every request." }, "identity": { "$ref": "#/definitions/Identity" }, "insecure": { "description": "Accept any certificate.", "type": "boolean" } }, "additionalProperties": false, "required": ["url"] }, "UrlTemplate": { "description": "An absolute http or https URL. `{channel}` in it stands for a channel's name.", "pattern": "^https?://\\S+$", "type": "string" }, "StartConfig": { "description": "A command that runs the target during the run of the suite.", "type": "object", "properties": { "command": { "description": "The command. It runs in a shell, in the folder of this file.", "type": "string" }, "ready": { "$ref": "#/definitions/UrlTemplate", "description": "A URL that is polled until it answers, with any status." }, "timeout": { "$ref": "#/definitions/Duration", "description": "How long the target may take to start. Default 20s." } }, "additionalProperties": false, "required": ["command", "ready"] }, "Duration": { "description": "A duration such as 90s, 500ms or 2m.", "pattern": "^\\d+(\\.\\d+)?(ms|s|m)$", "type": "string" }, "Headers": { "description": "Header fields by name.", "type": "object", "additionalProperties": { "$ref": "#/definitions/HeaderSource" } }, "HeaderSource": { "description": "Where the value of a header comes from: an environment variable or a file. It is never printed.", "type": "object", "properties": { "env": { "description": "The name of an environment variable.", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "type": "string" }, "file": { "description": "A file, relative to this one. White space around its content is trimmed.", "type": "string" }, "prefix": { "description": "A prefix of the value, such as `Bearer ` with its space.", "type": "string" } }, "additionalProperties": false }, "Identity": { "description": "The name of the implementation under test, for reports.", "type": "object", "properties": { "name": { "type": "string" }, "version": { "type": "string" } }, "additionalProperties": false, "required": ["name"] }, "MechanismsConfig": { "description": "Which mechanisms to test. Default: those that the target claims.", "type": "object", "properties": { "polling": { "type": "boolean" }, "long-polling": { "type": "boolean" }, "sse": { "type": "boolean" } }, "additionalProperties": false }, "LimitsConfig": { "description": "How long tests may wait. A test that would take longer is inconclusive.", "type": "object", "properties": { "wait": { "$ref": "#/definitions/Duration", "description": "The longest `wait` that a test requests." }, "heartbeat": { "$ref": "#/definitions/Duration", "description": "The longest heartbeat that a test waits for. Default 60s." } }, "additionalProperties": false }, "DriverConfig": { "description": "How to publish, declare, close and remove.", "type": "object", "properties": { "publish": { "$ref": "#/definitions/Action" }, "declare": { "$ref": "#/definitions/Action", "description": "How a channel is declared, before the suite first uses it; a removal must not undo it." }, "close": { "$ref": "#/definitions/Action" }, "remove": { "$ref": "#/definitions/Action" } }, "additionalProperties": false, "required": ["publish"] }, "Action": { "description": "One way to do something: exactly one of these.", "minProperties": 1, "maxProperties": 1, "type": "object", "properties": { "protocol": { "description": "By the protocol itself.", "type": "boolean", "const": true }, "http": { "$ref": "#/definitions/HttpAction" }, "exec": { "$ref": "#/definitions/ExecAction" }, "module": { "description": "An ES module, relative to this file, that exports `driver`.", "type": "string" } }, "additionalProperties": false }, "HttpAction": { "description": "A request to the target's own interface. `{channel}`, `{event}` and `{payload}` are replaced.", "type": "object", "properties": { "method": { "description": "Default POST.", "enum": ["DELETE", "GET", "PATCH", "POST", "PUT"], "type": "string" }, "url": { "$ref": "#/definitions/UrlTemplate" }, "headers": { "$ref": "#/definitions/Headers" }, "json": { "description": `The body, sent as application/json; "{payload}" alone becomes the message's JSON value, "{messages}" all of them.` }, "body": { "description": "The body as text, sent unchanged with `type`.", "type": "string" }, "type": { "description": "The media type of `body`. Default text/plain.", "type": "string" } }, "additionalProperties": false, "required": ["url"] }, "ExecAction": { "description": "A command. It runs in a shell, in the folder of this file, with details of the request in its environment.", "type": "object", "properties": { "command": { "type": "string" }, "timeout": { "$ref": "#/definitions/Duration", "description": "How long one call may take. Default 10s." } }, "additionalProperties": false, "required": ["command"] }, "ControlConfig": { "description": "How to provoke faults: a control interface, or a command for each fault.", "minProperties": 1, "type": "object", "properties": { "url": { "$ref": "#/definitions/UrlTemplate", "description": "The base URL of the control interface." }, "headers": { "$ref": "#/definitions/Headers", "description": "Sent with every request to the control interface." }, "trim": { "$ref": "#/definitions/ExecAction" }, "drop": { "$ref": "#/definitions/ExecAction" }, "restart": { "$ref": "#/definitions/ExecAction" }, "deny": { "$ref": "#/definitions/ExecAction" } }, "additionalProperties": false } } };
var schema20 = { "description": "Which mechanisms to test. Default: those that the target claims.", "type": "object", "properties": { "polling": { "type": "boolean" }, "long-polling": { "type": "boolean" }, "sse": { "type": "boolean" } }, "additionalProperties": false };
var schema16 = { "description": "A duration such as 90s, 500ms or 2m.", "pattern": "^\\d+(\\.\\d+)?(ms|s|m)$", "type": "string" };
var func2 = Object.prototype.hasOwnProperty;
var schema12 = { "description": "The server under test.", "type": "object", "properties": { "url": { "$ref": "#/definitions/UrlTemplate", "description": "The channels' URL with {channel}, the base URL of the channels, or the URL of one channel." }, "start": { "$ref": "#/definitions/StartConfig" }, "headers": { "$ref": "#/definitions/Headers", "description": "Sent with every request." }, "identity": { "$ref": "#/definitions/Identity" }, "insecure": { "description": "Accept any certificate.", "type": "boolean" } }, "additionalProperties": false, "required": ["url"] };
var schema13 = { "description": "An absolute http or https URL. `{channel}` in it stands for a channel's name.", "pattern": "^https?://\\S+$", "type": "string" };
var schema19 = { "description": "The name of the implementation under test, for reports.", "type": "object", "properties": { "name": { "type": "string" }, "version": { "type": "string" } }, "additionalProperties": false, "required": ["name"] };
var pattern0 = new RegExp("^https?://\\S+$", "u");
var schema14 = { "description": "A command that runs the target during the run of the suite.", "type": "object", "properties": { "command": { "description": "The command. It runs in a shell, in the folder of this file.", "type": "string" }, "ready": { "$ref": "#/definitions/UrlTemplate", "description": "A URL that is polled until it answers, with any status." }, "timeout": { "$ref": "#/definitions/Duration", "description": "How long the target may take to start. Default 20s." } }, "additionalProperties": false, "required": ["command", "ready"] };
var pattern2 = new RegExp("^\\d+(\\.\\d+)?(ms|s|m)$", "u");
function validate12(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.command === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "command" }, message: "must have required property 'command'", schema: schema14.required, parentSchema: schema14, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.ready === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "ready" }, message: "must have required property 'ready'", schema: schema14.required, parentSchema: schema14, data };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "command" || key0 === "ready" || key0 === "timeout")) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema14, data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.command !== void 0) {
      let data0 = data.command;
      if (typeof data0 !== "string") {
        const err3 = { instancePath: instancePath + "/command", schemaPath: "#/properties/command/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema14.properties.command.type, parentSchema: schema14.properties.command, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.ready !== void 0) {
      let data1 = data.ready;
      if (typeof data1 === "string") {
        if (!pattern0.test(data1)) {
          const err4 = { instancePath: instancePath + "/ready", schemaPath: "#/definitions/UrlTemplate/pattern", keyword: "pattern", params: { pattern: "^https?://\\S+$" }, message: 'must match pattern "^https?://\\S+$"', schema: "^https?://\\S+$", parentSchema: schema13, data: data1 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/ready", schemaPath: "#/definitions/UrlTemplate/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema13.type, parentSchema: schema13, data: data1 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.timeout !== void 0) {
      let data2 = data.timeout;
      if (typeof data2 === "string") {
        if (!pattern2.test(data2)) {
          const err6 = { instancePath: instancePath + "/timeout", schemaPath: "#/definitions/Duration/pattern", keyword: "pattern", params: { pattern: "^\\d+(\\.\\d+)?(ms|s|m)$" }, message: 'must match pattern "^\\d+(\\.\\d+)?(ms|s|m)$"', schema: "^\\d+(\\.\\d+)?(ms|s|m)$", parentSchema: schema16, data: data2 };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
      } else {
        const err7 = { instancePath: instancePath + "/timeout", schemaPath: "#/definitions/Duration/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema16.type, parentSchema: schema16, data: data2 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
  } else {
    const err8 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema14.type, parentSchema: schema14, data };
    if (vErrors === null) {
      vErrors = [err8];
    } else {
      vErrors.push(err8);
    }
    errors++;
  }
  validate12.errors = vErrors;
  return errors === 0;
}
var schema17 = { "description": "Header fields by name.", "type": "object", "additionalProperties": { "$ref": "#/definitions/HeaderSource" } };
var schema18 = { "description": "Where the value of a header comes from: an environment variable or a file. It is never printed.", "type": "object", "properties": { "env": { "description": "The name of an environment variable.", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "type": "string" }, "file": { "description": "A file, relative to this one. White space around its content is trimmed.", "type": "string" }, "prefix": { "description": "A prefix of the value, such as `Bearer ` with its space.", "type": "string" } }, "additionalProperties": false };
var pattern3 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");
function validate14(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      let data0 = data[key0];
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
        for (const key1 in data0) {
          if (!(key1 === "env" || key1 === "file" || key1 === "prefix")) {
            const err0 = { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/HeaderSource/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema18, data: data0 };
            if (vErrors === null) {
              vErrors = [err0];
            } else {
              vErrors.push(err0);
            }
            errors++;
          }
        }
        if (data0.env !== void 0) {
          let data1 = data0.env;
          if (typeof data1 === "string") {
            if (!pattern3.test(data1)) {
              const err1 = { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1") + "/env", schemaPath: "#/definitions/HeaderSource/properties/env/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }, message: 'must match pattern "^[A-Za-z_][A-Za-z0-9_]*$"', schema: "^[A-Za-z_][A-Za-z0-9_]*$", parentSchema: schema18.properties.env, data: data1 };
              if (vErrors === null) {
                vErrors = [err1];
              } else {
                vErrors.push(err1);
              }
              errors++;
            }
          } else {
            const err2 = { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1") + "/env", schemaPath: "#/definitions/HeaderSource/properties/env/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema18.properties.env.type, parentSchema: schema18.properties.env, data: data1 };
            if (vErrors === null) {
              vErrors = [err2];
            } else {
              vErrors.push(err2);
            }
            errors++;
          }
        }
        if (data0.file !== void 0) {
          let data2 = data0.file;
          if (typeof data2 !== "string") {
            const err3 = { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1") + "/file", schemaPath: "#/definitions/HeaderSource/properties/file/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema18.properties.file.type, parentSchema: schema18.properties.file, data: data2 };
            if (vErrors === null) {
              vErrors = [err3];
            } else {
              vErrors.push(err3);
            }
            errors++;
          }
        }
        if (data0.prefix !== void 0) {
          let data3 = data0.prefix;
          if (typeof data3 !== "string") {
            const err4 = { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1") + "/prefix", schemaPath: "#/definitions/HeaderSource/properties/prefix/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema18.properties.prefix.type, parentSchema: schema18.properties.prefix, data: data3 };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
        }
      } else {
        const err5 = { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/HeaderSource/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema18.type, parentSchema: schema18, data: data0 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
  } else {
    const err6 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema17.type, parentSchema: schema17, data };
    if (vErrors === null) {
      vErrors = [err6];
    } else {
      vErrors.push(err6);
    }
    errors++;
  }
  validate14.errors = vErrors;
  return errors === 0;
}
function validate11(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.url === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "url" }, message: "must have required property 'url'", schema: schema12.required, parentSchema: schema12, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "url" || key0 === "start" || key0 === "headers" || key0 === "identity" || key0 === "insecure")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema12, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.url !== void 0) {
      let data0 = data.url;
      if (typeof data0 === "string") {
        if (!pattern0.test(data0)) {
          const err2 = { instancePath: instancePath + "/url", schemaPath: "#/definitions/UrlTemplate/pattern", keyword: "pattern", params: { pattern: "^https?://\\S+$" }, message: 'must match pattern "^https?://\\S+$"', schema: "^https?://\\S+$", parentSchema: schema13, data: data0 };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
      } else {
        const err3 = { instancePath: instancePath + "/url", schemaPath: "#/definitions/UrlTemplate/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema13.type, parentSchema: schema13, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.start !== void 0) {
      if (!validate12(data.start, { instancePath: instancePath + "/start", parentData: data, parentDataProperty: "start", rootData })) {
        vErrors = vErrors === null ? validate12.errors : vErrors.concat(validate12.errors);
        errors = vErrors.length;
      }
    }
    if (data.headers !== void 0) {
      if (!validate14(data.headers, { instancePath: instancePath + "/headers", parentData: data, parentDataProperty: "headers", rootData })) {
        vErrors = vErrors === null ? validate14.errors : vErrors.concat(validate14.errors);
        errors = vErrors.length;
      }
    }
    if (data.identity !== void 0) {
      let data3 = data.identity;
      if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
        if (data3.name === void 0) {
          const err4 = { instancePath: instancePath + "/identity", schemaPath: "#/definitions/Identity/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'", schema: schema19.required, parentSchema: schema19, data: data3 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
        for (const key1 in data3) {
          if (!(key1 === "name" || key1 === "version")) {
            const err5 = { instancePath: instancePath + "/identity", schemaPath: "#/definitions/Identity/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19, data: data3 };
            if (vErrors === null) {
              vErrors = [err5];
            } else {
              vErrors.push(err5);
            }
            errors++;
          }
        }
        if (data3.name !== void 0) {
          let data4 = data3.name;
          if (typeof data4 !== "string") {
            const err6 = { instancePath: instancePath + "/identity/name", schemaPath: "#/definitions/Identity/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.name.type, parentSchema: schema19.properties.name, data: data4 };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
        }
        if (data3.version !== void 0) {
          let data5 = data3.version;
          if (typeof data5 !== "string") {
            const err7 = { instancePath: instancePath + "/identity/version", schemaPath: "#/definitions/Identity/properties/version/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.version.type, parentSchema: schema19.properties.version, data: data5 };
            if (vErrors === null) {
              vErrors = [err7];
            } else {
              vErrors.push(err7);
            }
            errors++;
          }
        }
      } else {
        const err8 = { instancePath: instancePath + "/identity", schemaPath: "#/definitions/Identity/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.type, parentSchema: schema19, data: data3 };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.insecure !== void 0) {
      let data6 = data.insecure;
      if (typeof data6 !== "boolean") {
        const err9 = { instancePath: instancePath + "/insecure", schemaPath: "#/properties/insecure/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema12.properties.insecure.type, parentSchema: schema12.properties.insecure, data: data6 };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
  } else {
    const err10 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema12.type, parentSchema: schema12, data };
    if (vErrors === null) {
      vErrors = [err10];
    } else {
      vErrors.push(err10);
    }
    errors++;
  }
  validate11.errors = vErrors;
  return errors === 0;
}
var schema21 = { "description": "How long tests may wait. A test that would take longer is inconclusive.", "type": "object", "properties": { "wait": { "$ref": "#/definitions/Duration", "description": "The longest `wait` that a test requests." }, "heartbeat": { "$ref": "#/definitions/Duration", "description": "The longest heartbeat that a test waits for. Default 60s." } }, "additionalProperties": false };
function validate17(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "wait" || key0 === "heartbeat")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema21, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.wait !== void 0) {
      let data0 = data.wait;
      if (typeof data0 === "string") {
        if (!pattern2.test(data0)) {
          const err1 = { instancePath: instancePath + "/wait", schemaPath: "#/definitions/Duration/pattern", keyword: "pattern", params: { pattern: "^\\d+(\\.\\d+)?(ms|s|m)$" }, message: 'must match pattern "^\\d+(\\.\\d+)?(ms|s|m)$"', schema: "^\\d+(\\.\\d+)?(ms|s|m)$", parentSchema: schema16, data: data0 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = { instancePath: instancePath + "/wait", schemaPath: "#/definitions/Duration/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema16.type, parentSchema: schema16, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.heartbeat !== void 0) {
      let data1 = data.heartbeat;
      if (typeof data1 === "string") {
        if (!pattern2.test(data1)) {
          const err3 = { instancePath: instancePath + "/heartbeat", schemaPath: "#/definitions/Duration/pattern", keyword: "pattern", params: { pattern: "^\\d+(\\.\\d+)?(ms|s|m)$" }, message: 'must match pattern "^\\d+(\\.\\d+)?(ms|s|m)$"', schema: "^\\d+(\\.\\d+)?(ms|s|m)$", parentSchema: schema16, data: data1 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/heartbeat", schemaPath: "#/definitions/Duration/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema16.type, parentSchema: schema16, data: data1 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
  } else {
    const err5 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema21.type, parentSchema: schema21, data };
    if (vErrors === null) {
      vErrors = [err5];
    } else {
      vErrors.push(err5);
    }
    errors++;
  }
  validate17.errors = vErrors;
  return errors === 0;
}
var schema24 = { "description": "How to publish, declare, close and remove.", "type": "object", "properties": { "publish": { "$ref": "#/definitions/Action" }, "declare": { "$ref": "#/definitions/Action", "description": "How a channel is declared, before the suite first uses it; a removal must not undo it." }, "close": { "$ref": "#/definitions/Action" }, "remove": { "$ref": "#/definitions/Action" } }, "additionalProperties": false, "required": ["publish"] };
var schema25 = { "description": "One way to do something: exactly one of these.", "minProperties": 1, "maxProperties": 1, "type": "object", "properties": { "protocol": { "description": "By the protocol itself.", "type": "boolean", "const": true }, "http": { "$ref": "#/definitions/HttpAction" }, "exec": { "$ref": "#/definitions/ExecAction" }, "module": { "description": "An ES module, relative to this file, that exports `driver`.", "type": "string" } }, "additionalProperties": false };
var schema26 = { "description": "A request to the target's own interface. `{channel}`, `{event}` and `{payload}` are replaced.", "type": "object", "properties": { "method": { "description": "Default POST.", "enum": ["DELETE", "GET", "PATCH", "POST", "PUT"], "type": "string" }, "url": { "$ref": "#/definitions/UrlTemplate" }, "headers": { "$ref": "#/definitions/Headers" }, "json": { "description": `The body, sent as application/json; "{payload}" alone becomes the message's JSON value, "{messages}" all of them.` }, "body": { "description": "The body as text, sent unchanged with `type`.", "type": "string" }, "type": { "description": "The media type of `body`. Default text/plain.", "type": "string" } }, "additionalProperties": false, "required": ["url"] };
function validate21(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.url === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "url" }, message: "must have required property 'url'", schema: schema26.required, parentSchema: schema26, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "method" || key0 === "url" || key0 === "headers" || key0 === "json" || key0 === "body" || key0 === "type")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema26, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.method !== void 0) {
      let data0 = data.method;
      if (typeof data0 !== "string") {
        const err2 = { instancePath: instancePath + "/method", schemaPath: "#/properties/method/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema26.properties.method.type, parentSchema: schema26.properties.method, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      if (!(data0 === "DELETE" || data0 === "GET" || data0 === "PATCH" || data0 === "POST" || data0 === "PUT")) {
        const err3 = { instancePath: instancePath + "/method", schemaPath: "#/properties/method/enum", keyword: "enum", params: { allowedValues: schema26.properties.method.enum }, message: "must be equal to one of the allowed values", schema: schema26.properties.method.enum, parentSchema: schema26.properties.method, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.url !== void 0) {
      let data1 = data.url;
      if (typeof data1 === "string") {
        if (!pattern0.test(data1)) {
          const err4 = { instancePath: instancePath + "/url", schemaPath: "#/definitions/UrlTemplate/pattern", keyword: "pattern", params: { pattern: "^https?://\\S+$" }, message: 'must match pattern "^https?://\\S+$"', schema: "^https?://\\S+$", parentSchema: schema13, data: data1 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/url", schemaPath: "#/definitions/UrlTemplate/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema13.type, parentSchema: schema13, data: data1 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.headers !== void 0) {
      if (!validate14(data.headers, { instancePath: instancePath + "/headers", parentData: data, parentDataProperty: "headers", rootData })) {
        vErrors = vErrors === null ? validate14.errors : vErrors.concat(validate14.errors);
        errors = vErrors.length;
      }
    }
    if (data.body !== void 0) {
      let data3 = data.body;
      if (typeof data3 !== "string") {
        const err6 = { instancePath: instancePath + "/body", schemaPath: "#/properties/body/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema26.properties.body.type, parentSchema: schema26.properties.body, data: data3 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.type !== void 0) {
      let data4 = data.type;
      if (typeof data4 !== "string") {
        const err7 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema26.properties.type.type, parentSchema: schema26.properties.type, data: data4 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
  } else {
    const err8 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema26.type, parentSchema: schema26, data };
    if (vErrors === null) {
      vErrors = [err8];
    } else {
      vErrors.push(err8);
    }
    errors++;
  }
  validate21.errors = vErrors;
  return errors === 0;
}
var schema28 = { "description": "A command. It runs in a shell, in the folder of this file, with details of the request in its environment.", "type": "object", "properties": { "command": { "type": "string" }, "timeout": { "$ref": "#/definitions/Duration", "description": "How long one call may take. Default 10s." } }, "additionalProperties": false, "required": ["command"] };
function validate24(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.command === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "command" }, message: "must have required property 'command'", schema: schema28.required, parentSchema: schema28, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "command" || key0 === "timeout")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema28, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.command !== void 0) {
      let data0 = data.command;
      if (typeof data0 !== "string") {
        const err2 = { instancePath: instancePath + "/command", schemaPath: "#/properties/command/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema28.properties.command.type, parentSchema: schema28.properties.command, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.timeout !== void 0) {
      let data1 = data.timeout;
      if (typeof data1 === "string") {
        if (!pattern2.test(data1)) {
          const err3 = { instancePath: instancePath + "/timeout", schemaPath: "#/definitions/Duration/pattern", keyword: "pattern", params: { pattern: "^\\d+(\\.\\d+)?(ms|s|m)$" }, message: 'must match pattern "^\\d+(\\.\\d+)?(ms|s|m)$"', schema: "^\\d+(\\.\\d+)?(ms|s|m)$", parentSchema: schema16, data: data1 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/timeout", schemaPath: "#/definitions/Duration/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema16.type, parentSchema: schema16, data: data1 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
  } else {
    const err5 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema28.type, parentSchema: schema28, data };
    if (vErrors === null) {
      vErrors = [err5];
    } else {
      vErrors.push(err5);
    }
    errors++;
  }
  validate24.errors = vErrors;
  return errors === 0;
}
function validate20(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (Object.keys(data).length > 1) {
      const err0 = { instancePath, schemaPath: "#/maxProperties", keyword: "maxProperties", params: { limit: 1 }, message: "must NOT have more than 1 properties", schema: 1, parentSchema: schema25, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (Object.keys(data).length < 1) {
      const err1 = { instancePath, schemaPath: "#/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties", schema: 1, parentSchema: schema25, data };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "protocol" || key0 === "http" || key0 === "exec" || key0 === "module")) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema25, data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.protocol !== void 0) {
      let data0 = data.protocol;
      if (typeof data0 !== "boolean") {
        const err3 = { instancePath: instancePath + "/protocol", schemaPath: "#/properties/protocol/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema25.properties.protocol.type, parentSchema: schema25.properties.protocol, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
      if (true !== data0) {
        const err4 = { instancePath: instancePath + "/protocol", schemaPath: "#/properties/protocol/const", keyword: "const", params: { allowedValue: true }, message: "must be equal to constant", schema: true, parentSchema: schema25.properties.protocol, data: data0 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.http !== void 0) {
      if (!validate21(data.http, { instancePath: instancePath + "/http", parentData: data, parentDataProperty: "http", rootData })) {
        vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
        errors = vErrors.length;
      }
    }
    if (data.exec !== void 0) {
      if (!validate24(data.exec, { instancePath: instancePath + "/exec", parentData: data, parentDataProperty: "exec", rootData })) {
        vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
        errors = vErrors.length;
      }
    }
    if (data.module !== void 0) {
      let data3 = data.module;
      if (typeof data3 !== "string") {
        const err5 = { instancePath: instancePath + "/module", schemaPath: "#/properties/module/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema25.properties.module.type, parentSchema: schema25.properties.module, data: data3 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
  } else {
    const err6 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema25.type, parentSchema: schema25, data };
    if (vErrors === null) {
      vErrors = [err6];
    } else {
      vErrors.push(err6);
    }
    errors++;
  }
  validate20.errors = vErrors;
  return errors === 0;
}
function validate19(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.publish === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "publish" }, message: "must have required property 'publish'", schema: schema24.required, parentSchema: schema24, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "publish" || key0 === "declare" || key0 === "close" || key0 === "remove")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema24, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.publish !== void 0) {
      if (!validate20(data.publish, { instancePath: instancePath + "/publish", parentData: data, parentDataProperty: "publish", rootData })) {
        vErrors = vErrors === null ? validate20.errors : vErrors.concat(validate20.errors);
        errors = vErrors.length;
      }
    }
    if (data.declare !== void 0) {
      if (!validate20(data.declare, { instancePath: instancePath + "/declare", parentData: data, parentDataProperty: "declare", rootData })) {
        vErrors = vErrors === null ? validate20.errors : vErrors.concat(validate20.errors);
        errors = vErrors.length;
      }
    }
    if (data.close !== void 0) {
      if (!validate20(data.close, { instancePath: instancePath + "/close", parentData: data, parentDataProperty: "close", rootData })) {
        vErrors = vErrors === null ? validate20.errors : vErrors.concat(validate20.errors);
        errors = vErrors.length;
      }
    }
    if (data.remove !== void 0) {
      if (!validate20(data.remove, { instancePath: instancePath + "/remove", parentData: data, parentDataProperty: "remove", rootData })) {
        vErrors = vErrors === null ? validate20.errors : vErrors.concat(validate20.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err2 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema24.type, parentSchema: schema24, data };
    if (vErrors === null) {
      vErrors = [err2];
    } else {
      vErrors.push(err2);
    }
    errors++;
  }
  validate19.errors = vErrors;
  return errors === 0;
}
var schema30 = { "description": "How to provoke faults: a control interface, or a command for each fault.", "minProperties": 1, "type": "object", "properties": { "url": { "$ref": "#/definitions/UrlTemplate", "description": "The base URL of the control interface." }, "headers": { "$ref": "#/definitions/Headers", "description": "Sent with every request to the control interface." }, "trim": { "$ref": "#/definitions/ExecAction" }, "drop": { "$ref": "#/definitions/ExecAction" }, "restart": { "$ref": "#/definitions/ExecAction" }, "deny": { "$ref": "#/definitions/ExecAction" } }, "additionalProperties": false };
function validate31(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (Object.keys(data).length < 1) {
      const err0 = { instancePath, schemaPath: "#/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties", schema: 1, parentSchema: schema30, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "url" || key0 === "headers" || key0 === "trim" || key0 === "drop" || key0 === "restart" || key0 === "deny")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema30, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.url !== void 0) {
      let data0 = data.url;
      if (typeof data0 === "string") {
        if (!pattern0.test(data0)) {
          const err2 = { instancePath: instancePath + "/url", schemaPath: "#/definitions/UrlTemplate/pattern", keyword: "pattern", params: { pattern: "^https?://\\S+$" }, message: 'must match pattern "^https?://\\S+$"', schema: "^https?://\\S+$", parentSchema: schema13, data: data0 };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
      } else {
        const err3 = { instancePath: instancePath + "/url", schemaPath: "#/definitions/UrlTemplate/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema13.type, parentSchema: schema13, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.headers !== void 0) {
      if (!validate14(data.headers, { instancePath: instancePath + "/headers", parentData: data, parentDataProperty: "headers", rootData })) {
        vErrors = vErrors === null ? validate14.errors : vErrors.concat(validate14.errors);
        errors = vErrors.length;
      }
    }
    if (data.trim !== void 0) {
      if (!validate24(data.trim, { instancePath: instancePath + "/trim", parentData: data, parentDataProperty: "trim", rootData })) {
        vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
        errors = vErrors.length;
      }
    }
    if (data.drop !== void 0) {
      if (!validate24(data.drop, { instancePath: instancePath + "/drop", parentData: data, parentDataProperty: "drop", rootData })) {
        vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
        errors = vErrors.length;
      }
    }
    if (data.restart !== void 0) {
      if (!validate24(data.restart, { instancePath: instancePath + "/restart", parentData: data, parentDataProperty: "restart", rootData })) {
        vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
        errors = vErrors.length;
      }
    }
    if (data.deny !== void 0) {
      if (!validate24(data.deny, { instancePath: instancePath + "/deny", parentData: data, parentDataProperty: "deny", rootData })) {
        vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err4 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema30.type, parentSchema: schema30, data };
    if (vErrors === null) {
      vErrors = [err4];
    } else {
      vErrors.push(err4);
    }
    errors++;
  }
  validate31.errors = vErrors;
  return errors === 0;
}
function validate10(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  ;
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.target === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "target" }, message: "must have required property 'target'", schema: schema11.required, parentSchema: schema11, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func2.call(schema11.properties, key0)) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.spec !== void 0) {
      let data0 = data.spec;
      if (typeof data0 !== "string") {
        const err2 = { instancePath: instancePath + "/spec", schemaPath: "#/properties/spec/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.spec.type, parentSchema: schema11.properties.spec, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      if ("1.0" !== data0) {
        const err3 = { instancePath: instancePath + "/spec", schemaPath: "#/properties/spec/const", keyword: "const", params: { allowedValue: "1.0" }, message: "must be equal to constant", schema: "1.0", parentSchema: schema11.properties.spec, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.target !== void 0) {
      if (!validate11(data.target, { instancePath: instancePath + "/target", parentData: data, parentDataProperty: "target", rootData })) {
        vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
        errors = vErrors.length;
      }
    }
    if (data.mechanisms !== void 0) {
      let data2 = data.mechanisms;
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        for (const key1 in data2) {
          if (!(key1 === "polling" || key1 === "long-polling" || key1 === "sse")) {
            const err4 = { instancePath: instancePath + "/mechanisms", schemaPath: "#/definitions/MechanismsConfig/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema20, data: data2 };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
        }
        if (data2.polling !== void 0) {
          let data3 = data2.polling;
          if (typeof data3 !== "boolean") {
            const err5 = { instancePath: instancePath + "/mechanisms/polling", schemaPath: "#/definitions/MechanismsConfig/properties/polling/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema20.properties.polling.type, parentSchema: schema20.properties.polling, data: data3 };
            if (vErrors === null) {
              vErrors = [err5];
            } else {
              vErrors.push(err5);
            }
            errors++;
          }
        }
        if (data2["long-polling"] !== void 0) {
          let data4 = data2["long-polling"];
          if (typeof data4 !== "boolean") {
            const err6 = { instancePath: instancePath + "/mechanisms/long-polling", schemaPath: "#/definitions/MechanismsConfig/properties/long-polling/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema20.properties["long-polling"].type, parentSchema: schema20.properties["long-polling"], data: data4 };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
        }
        if (data2.sse !== void 0) {
          let data5 = data2.sse;
          if (typeof data5 !== "boolean") {
            const err7 = { instancePath: instancePath + "/mechanisms/sse", schemaPath: "#/definitions/MechanismsConfig/properties/sse/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema20.properties.sse.type, parentSchema: schema20.properties.sse, data: data5 };
            if (vErrors === null) {
              vErrors = [err7];
            } else {
              vErrors.push(err7);
            }
            errors++;
          }
        }
      } else {
        const err8 = { instancePath: instancePath + "/mechanisms", schemaPath: "#/definitions/MechanismsConfig/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema20.type, parentSchema: schema20, data: data2 };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.limits !== void 0) {
      if (!validate17(data.limits, { instancePath: instancePath + "/limits", parentData: data, parentDataProperty: "limits", rootData })) {
        vErrors = vErrors === null ? validate17.errors : vErrors.concat(validate17.errors);
        errors = vErrors.length;
      }
    }
    if (data.driver !== void 0) {
      if (!validate19(data.driver, { instancePath: instancePath + "/driver", parentData: data, parentDataProperty: "driver", rootData })) {
        vErrors = vErrors === null ? validate19.errors : vErrors.concat(validate19.errors);
        errors = vErrors.length;
      }
    }
    if (data.control !== void 0) {
      if (!validate31(data.control, { instancePath: instancePath + "/control", parentData: data, parentDataProperty: "control", rootData })) {
        vErrors = vErrors === null ? validate31.errors : vErrors.concat(validate31.errors);
        errors = vErrors.length;
      }
    }
    if (data.allow !== void 0) {
      let data9 = data.allow;
      if (typeof data9 !== "string") {
        const err9 = { instancePath: instancePath + "/allow", schemaPath: "#/properties/allow/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.allow.type, parentSchema: schema11.properties.allow, data: data9 };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
      if (!(data9 === "observe" || data9 === "provoke" || data9 === "publish")) {
        const err10 = { instancePath: instancePath + "/allow", schemaPath: "#/properties/allow/enum", keyword: "enum", params: { allowedValues: schema11.properties.allow.enum }, message: "must be equal to one of the allowed values", schema: schema11.properties.allow.enum, parentSchema: schema11.properties.allow, data: data9 };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
    }
    if (data.channels !== void 0) {
      let data10 = data.channels;
      if (typeof data10 !== "string") {
        const err11 = { instancePath: instancePath + "/channels", schemaPath: "#/properties/channels/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.channels.type, parentSchema: schema11.properties.channels, data: data10 };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
    if (data.baseline !== void 0) {
      let data11 = data.baseline;
      if (typeof data11 !== "string") {
        const err12 = { instancePath: instancePath + "/baseline", schemaPath: "#/properties/baseline/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.baseline.type, parentSchema: schema11.properties.baseline, data: data11 };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
    if (data.run !== void 0) {
      let data12 = data.run;
      if (Array.isArray(data12)) {
        const len0 = data12.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data13 = data12[i0];
          if (typeof data13 !== "string") {
            const err13 = { instancePath: instancePath + "/run/" + i0, schemaPath: "#/properties/run/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.run.items.type, parentSchema: schema11.properties.run.items, data: data13 };
            if (vErrors === null) {
              vErrors = [err13];
            } else {
              vErrors.push(err13);
            }
            errors++;
          }
        }
      } else {
        const err14 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.run.type, parentSchema: schema11.properties.run, data: data12 };
        if (vErrors === null) {
          vErrors = [err14];
        } else {
          vErrors.push(err14);
        }
        errors++;
      }
    }
    if (data.skip !== void 0) {
      let data14 = data.skip;
      if (Array.isArray(data14)) {
        const len1 = data14.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data15 = data14[i1];
          if (typeof data15 !== "string") {
            const err15 = { instancePath: instancePath + "/skip/" + i1, schemaPath: "#/properties/skip/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.skip.items.type, parentSchema: schema11.properties.skip.items, data: data15 };
            if (vErrors === null) {
              vErrors = [err15];
            } else {
              vErrors.push(err15);
            }
            errors++;
          }
        }
      } else {
        const err16 = { instancePath: instancePath + "/skip", schemaPath: "#/properties/skip/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.skip.type, parentSchema: schema11.properties.skip, data: data14 };
        if (vErrors === null) {
          vErrors = [err16];
        } else {
          vErrors.push(err16);
        }
        errors++;
      }
    }
    if (data.requirement !== void 0) {
      let data16 = data.requirement;
      if (Array.isArray(data16)) {
        const len2 = data16.length;
        for (let i2 = 0; i2 < len2; i2++) {
          let data17 = data16[i2];
          if (typeof data17 !== "string") {
            const err17 = { instancePath: instancePath + "/requirement/" + i2, schemaPath: "#/properties/requirement/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.requirement.items.type, parentSchema: schema11.properties.requirement.items, data: data17 };
            if (vErrors === null) {
              vErrors = [err17];
            } else {
              vErrors.push(err17);
            }
            errors++;
          }
        }
      } else {
        const err18 = { instancePath: instancePath + "/requirement", schemaPath: "#/properties/requirement/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.requirement.type, parentSchema: schema11.properties.requirement, data: data16 };
        if (vErrors === null) {
          vErrors = [err18];
        } else {
          vErrors.push(err18);
        }
        errors++;
      }
    }
    if (data.strict !== void 0) {
      let data18 = data.strict;
      if (typeof data18 !== "boolean") {
        const err19 = { instancePath: instancePath + "/strict", schemaPath: "#/properties/strict/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema11.properties.strict.type, parentSchema: schema11.properties.strict, data: data18 };
        if (vErrors === null) {
          vErrors = [err19];
        } else {
          vErrors.push(err19);
        }
        errors++;
      }
    }
    if (data["require-complete"] !== void 0) {
      let data19 = data["require-complete"];
      if (typeof data19 !== "boolean") {
        const err20 = { instancePath: instancePath + "/require-complete", schemaPath: "#/properties/require-complete/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema11.properties["require-complete"].type, parentSchema: schema11.properties["require-complete"], data: data19 };
        if (vErrors === null) {
          vErrors = [err20];
        } else {
          vErrors.push(err20);
        }
        errors++;
      }
    }
    if (data.jobs !== void 0) {
      let data20 = data.jobs;
      if (!(typeof data20 == "number" && (!(data20 % 1) && !isNaN(data20)) && isFinite(data20))) {
        const err21 = { instancePath: instancePath + "/jobs", schemaPath: "#/properties/jobs/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.jobs.type, parentSchema: schema11.properties.jobs, data: data20 };
        if (vErrors === null) {
          vErrors = [err21];
        } else {
          vErrors.push(err21);
        }
        errors++;
      }
      if (typeof data20 == "number" && isFinite(data20)) {
        if (data20 < 1 || isNaN(data20)) {
          const err22 = { instancePath: instancePath + "/jobs", schemaPath: "#/properties/jobs/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema11.properties.jobs, data: data20 };
          if (vErrors === null) {
            vErrors = [err22];
          } else {
            vErrors.push(err22);
          }
          errors++;
        }
      }
    }
    if (data.seed !== void 0) {
      let data21 = data.seed;
      if (!(typeof data21 == "number" && (!(data21 % 1) && !isNaN(data21)) && isFinite(data21))) {
        const err23 = { instancePath: instancePath + "/seed", schemaPath: "#/properties/seed/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.seed.type, parentSchema: schema11.properties.seed, data: data21 };
        if (vErrors === null) {
          vErrors = [err23];
        } else {
          vErrors.push(err23);
        }
        errors++;
      }
      if (typeof data21 == "number" && isFinite(data21)) {
        if (data21 < 0 || isNaN(data21)) {
          const err24 = { instancePath: instancePath + "/seed", schemaPath: "#/properties/seed/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0", schema: 0, parentSchema: schema11.properties.seed, data: data21 };
          if (vErrors === null) {
            vErrors = [err24];
          } else {
            vErrors.push(err24);
          }
          errors++;
        }
      }
    }
    if (data.budget !== void 0) {
      let data22 = data.budget;
      if (typeof data22 === "string") {
        if (!pattern2.test(data22)) {
          const err25 = { instancePath: instancePath + "/budget", schemaPath: "#/definitions/Duration/pattern", keyword: "pattern", params: { pattern: "^\\d+(\\.\\d+)?(ms|s|m)$" }, message: 'must match pattern "^\\d+(\\.\\d+)?(ms|s|m)$"', schema: "^\\d+(\\.\\d+)?(ms|s|m)$", parentSchema: schema16, data: data22 };
          if (vErrors === null) {
            vErrors = [err25];
          } else {
            vErrors.push(err25);
          }
          errors++;
        }
      } else {
        const err26 = { instancePath: instancePath + "/budget", schemaPath: "#/definitions/Duration/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema16.type, parentSchema: schema16, data: data22 };
        if (vErrors === null) {
          vErrors = [err26];
        } else {
          vErrors.push(err26);
        }
        errors++;
      }
    }
    if (data.reporter !== void 0) {
      let data23 = data.reporter;
      if (typeof data23 !== "string") {
        const err27 = { instancePath: instancePath + "/reporter", schemaPath: "#/properties/reporter/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.reporter.type, parentSchema: schema11.properties.reporter, data: data23 };
        if (vErrors === null) {
          vErrors = [err27];
        } else {
          vErrors.push(err27);
        }
        errors++;
      }
    }
    if (data.transcripts !== void 0) {
      let data24 = data.transcripts;
      if (typeof data24 !== "boolean") {
        const err28 = { instancePath: instancePath + "/transcripts", schemaPath: "#/properties/transcripts/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema11.properties.transcripts.type, parentSchema: schema11.properties.transcripts, data: data24 };
        if (vErrors === null) {
          vErrors = [err28];
        } else {
          vErrors.push(err28);
        }
        errors++;
      }
    }
  } else {
    const err29 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.type, parentSchema: schema11, data };
    if (vErrors === null) {
      vErrors = [err29];
    } else {
      vErrors.push(err29);
    }
    errors++;
  }
  validate10.errors = vErrors;
  return errors === 0;
}
var validateStreamConfig = validate38;
var schema33 = { "$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://tidemark.example/schemas/conformance/sse-config.json", "title": "sse-config", "description": "A configuration of `tidemark-conformance sse -c`. Flags of the command line take precedence.", "type": "object", "properties": { "target": { "$ref": "#/definitions/StreamTargetConfig" }, "setup": { "description": "Requests to send before the stream is opened.", "type": "array", "items": { "$ref": "#/definitions/SetupConfig" } }, "publish": { "$ref": "#/definitions/PublishConfig" }, "payload": { "description": "Whether a publish takes a payload as JSON or as text. Default json.", "enum": ["json", "text"], "type": "string" }, "promises": { "$ref": "#/definitions/PromisesConfig" }, "vocabulary": { "description": "The vocabulary of the events. Default: guessed.", "type": "string" }, "observe": { "$ref": "#/definitions/Duration", "description": "How long to watch the stream." }, "thorough": { "description": "Also open twelve readers and a slow one, and ask by HTTP/1.0 and HTTP/2.", "type": "boolean" }, "restart": { "$ref": "#/definitions/ExecAction", "description": "A command that restarts the server." }, "baseline": { "description": "A file of known failures, relative to this one.", "type": "string" }, "run": { "description": "Globs over test ids: run only these.", "type": "array", "items": { "type": "string" } }, "skip": { "description": "Globs over test ids: skip these.", "type": "array", "items": { "type": "string" } }, "strict": { "description": "Count an unmet SHOULD as a violation.", "type": "boolean" }, "reporter": { "description": "As for --reporter: pretty,issue=issues.md", "type": "string" } }, "additionalProperties": false, "required": ["target"], "definitions": { "StreamTargetConfig": { "description": "The stream under test.", "type": "object", "properties": { "url": { "$ref": "#/definitions/UrlTemplate", "description": "The URL of the stream." }, "start": { "$ref": "#/definitions/StartConfig" }, "headers": { "$ref": "#/definitions/Headers", "description": "Sent with every request." }, "fields": { "$ref": "#/definitions/Record%3Cstring%2Cstring%3E", "description": "Sent with every request for the stream; `{name}` stands for what `setup` took." }, "method": { "description": "The method that opens the stream. Default GET, or POST with `json`.", "type": "string" }, "json": { "description": "The body of that request, sent as application/json." }, "resume-url": { "description": "Where to request a single reader's stream again; {id} stands for the last id.", "type": "string" }, "identity": { "$ref": "#/definitions/Identity" }, "insecure": { "description": "Accept any certificate.", "type": "boolean" } }, "additionalProperties": false, "required": ["url"] }, "UrlTemplate": { "description": "An absolute http or https URL. `{channel}` in it stands for a channel's name.", "pattern": "^https?://\\S+$", "type": "string" }, "StartConfig": { "description": "A command that runs the target during the run of the suite.", "type": "object", "properties": { "command": { "description": "The command. It runs in a shell, in the folder of this file.", "type": "string" }, "ready": { "$ref": "#/definitions/UrlTemplate", "description": "A URL that is polled until it answers, with any status." }, "timeout": { "$ref": "#/definitions/Duration", "description": "How long the target may take to start. Default 20s." } }, "additionalProperties": false, "required": ["command", "ready"] }, "Duration": { "description": "A duration such as 90s, 500ms or 2m.", "pattern": "^\\d+(\\.\\d+)?(ms|s|m)$", "type": "string" }, "Headers": { "description": "Header fields by name.", "type": "object", "additionalProperties": { "$ref": "#/definitions/HeaderSource" } }, "HeaderSource": { "description": "Where the value of a header comes from: an environment variable or a file. It is never printed.", "type": "object", "properties": { "env": { "description": "The name of an environment variable.", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "type": "string" }, "file": { "description": "A file, relative to this one. White space around its content is trimmed.", "type": "string" }, "prefix": { "description": "A prefix of the value, such as `Bearer ` with its space.", "type": "string" } }, "additionalProperties": false }, "Record<string,string>": { "type": "object", "additionalProperties": false }, "Identity": { "description": "The name of the implementation under test, for reports.", "type": "object", "properties": { "name": { "type": "string" }, "version": { "type": "string" } }, "additionalProperties": false, "required": ["name"] }, "SetupConfig": { "description": "A request before the stream is opened. `{name}` stands for what an earlier one took.", "type": "object", "properties": { "method": { "description": "Default POST.", "enum": ["DELETE", "GET", "PATCH", "POST", "PUT"], "type": "string" }, "url": { "$ref": "#/definitions/UrlTemplate" }, "fields": { "$ref": "#/definitions/Record%3Cstring%2Cstring%3E", "description": "Header fields as they are sent; `{name}` stands for what an earlier request took." }, "headers": { "$ref": "#/definitions/Headers" }, "json": { "description": "The body, sent as application/json." }, "take": { "$ref": "#/definitions/Record%3Cstring%2Cstring%3E", "description": "What to take from the response, by name: `header Mcp-Session-Id` or `json /session/id`." } }, "additionalProperties": false, "required": ["url"] }, "PublishConfig": { "description": "How to publish an event: exactly one of these.", "minProperties": 1, "maxProperties": 1, "type": "object", "properties": { "http": { "type": "object", "properties": { "method": { "description": "Default POST.", "enum": ["GET", "PATCH", "POST", "PUT"], "type": "string" }, "url": { "$ref": "#/definitions/UrlTemplate" }, "headers": { "$ref": "#/definitions/Headers" }, "json": { "description": 'The body, sent as application/json; "{payload}" alone becomes the payload.' }, "body": { "description": "The body as text, with `{payload}`.", "type": "string" }, "type": { "description": "The media type of `body`. Default text/plain.", "type": "string" } }, "additionalProperties": false, "required": ["url"] }, "exec": { "$ref": "#/definitions/ExecAction" }, "module": { "description": "An ES module, relative to this file, that exports `driver`.", "type": "string" } }, "additionalProperties": false }, "ExecAction": { "description": "A command. It runs in a shell, in the folder of this file, with details of the request in its environment.", "type": "object", "properties": { "command": { "type": "string" }, "timeout": { "$ref": "#/definitions/Duration", "description": "How long one call may take. Default 10s." } }, "additionalProperties": false, "required": ["command"] }, "PromisesConfig": { "description": "What the server promises; a promised sentence binds as a MUST.", "type": "object", "properties": { "resume": { "type": "string", "const": "exact" }, "ids": { "type": "string", "const": "unique" }, "isolation": { "type": "string", "const": "session" }, "restart": { "type": "string", "const": "safe" }, "end": { "type": "string", "const": "terminal" } }, "additionalProperties": false } } };
var schema51 = { "description": "What the server promises; a promised sentence binds as a MUST.", "type": "object", "properties": { "resume": { "type": "string", "const": "exact" }, "ids": { "type": "string", "const": "unique" }, "isolation": { "type": "string", "const": "session" }, "restart": { "type": "string", "const": "safe" }, "end": { "type": "string", "const": "terminal" } }, "additionalProperties": false };
var schema38 = { "description": "A duration such as 90s, 500ms or 2m.", "pattern": "^\\d+(\\.\\d+)?(ms|s|m)$", "type": "string" };
var schema34 = { "description": "The stream under test.", "type": "object", "properties": { "url": { "$ref": "#/definitions/UrlTemplate", "description": "The URL of the stream." }, "start": { "$ref": "#/definitions/StartConfig" }, "headers": { "$ref": "#/definitions/Headers", "description": "Sent with every request." }, "fields": { "$ref": "#/definitions/Record%3Cstring%2Cstring%3E", "description": "Sent with every request for the stream; `{name}` stands for what `setup` took." }, "method": { "description": "The method that opens the stream. Default GET, or POST with `json`.", "type": "string" }, "json": { "description": "The body of that request, sent as application/json." }, "resume-url": { "description": "Where to request a single reader's stream again; {id} stands for the last id.", "type": "string" }, "identity": { "$ref": "#/definitions/Identity" }, "insecure": { "description": "Accept any certificate.", "type": "boolean" } }, "additionalProperties": false, "required": ["url"] };
var schema35 = { "description": "An absolute http or https URL. `{channel}` in it stands for a channel's name.", "pattern": "^https?://\\S+$", "type": "string" };
var schema41 = { "type": "object", "additionalProperties": false };
var schema42 = { "description": "The name of the implementation under test, for reports.", "type": "object", "properties": { "name": { "type": "string" }, "version": { "type": "string" } }, "additionalProperties": false, "required": ["name"] };
var schema36 = { "description": "A command that runs the target during the run of the suite.", "type": "object", "properties": { "command": { "description": "The command. It runs in a shell, in the folder of this file.", "type": "string" }, "ready": { "$ref": "#/definitions/UrlTemplate", "description": "A URL that is polled until it answers, with any status." }, "timeout": { "$ref": "#/definitions/Duration", "description": "How long the target may take to start. Default 20s." } }, "additionalProperties": false, "required": ["command", "ready"] };
function validate40(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.command === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "command" }, message: "must have required property 'command'", schema: schema36.required, parentSchema: schema36, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.ready === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "ready" }, message: "must have required property 'ready'", schema: schema36.required, parentSchema: schema36, data };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "command" || key0 === "ready" || key0 === "timeout")) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema36, data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.command !== void 0) {
      let data0 = data.command;
      if (typeof data0 !== "string") {
        const err3 = { instancePath: instancePath + "/command", schemaPath: "#/properties/command/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema36.properties.command.type, parentSchema: schema36.properties.command, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.ready !== void 0) {
      let data1 = data.ready;
      if (typeof data1 === "string") {
        if (!pattern0.test(data1)) {
          const err4 = { instancePath: instancePath + "/ready", schemaPath: "#/definitions/UrlTemplate/pattern", keyword: "pattern", params: { pattern: "^https?://\\S+$" }, message: 'must match pattern "^https?://\\S+$"', schema: "^https?://\\S+$", parentSchema: schema35, data: data1 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/ready", schemaPath: "#/definitions/UrlTemplate/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema35.type, parentSchema: schema35, data: data1 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.timeout !== void 0) {
      let data2 = data.timeout;
      if (typeof data2 === "string") {
        if (!pattern2.test(data2)) {
          const err6 = { instancePath: instancePath + "/timeout", schemaPath: "#/definitions/Duration/pattern", keyword: "pattern", params: { pattern: "^\\d+(\\.\\d+)?(ms|s|m)$" }, message: 'must match pattern "^\\d+(\\.\\d+)?(ms|s|m)$"', schema: "^\\d+(\\.\\d+)?(ms|s|m)$", parentSchema: schema38, data: data2 };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
      } else {
        const err7 = { instancePath: instancePath + "/timeout", schemaPath: "#/definitions/Duration/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema38.type, parentSchema: schema38, data: data2 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
  } else {
    const err8 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema36.type, parentSchema: schema36, data };
    if (vErrors === null) {
      vErrors = [err8];
    } else {
      vErrors.push(err8);
    }
    errors++;
  }
  validate40.errors = vErrors;
  return errors === 0;
}
var schema39 = { "description": "Header fields by name.", "type": "object", "additionalProperties": { "$ref": "#/definitions/HeaderSource" } };
var schema40 = { "description": "Where the value of a header comes from: an environment variable or a file. It is never printed.", "type": "object", "properties": { "env": { "description": "The name of an environment variable.", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "type": "string" }, "file": { "description": "A file, relative to this one. White space around its content is trimmed.", "type": "string" }, "prefix": { "description": "A prefix of the value, such as `Bearer ` with its space.", "type": "string" } }, "additionalProperties": false };
function validate42(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      let data0 = data[key0];
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
        for (const key1 in data0) {
          if (!(key1 === "env" || key1 === "file" || key1 === "prefix")) {
            const err0 = { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/HeaderSource/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema40, data: data0 };
            if (vErrors === null) {
              vErrors = [err0];
            } else {
              vErrors.push(err0);
            }
            errors++;
          }
        }
        if (data0.env !== void 0) {
          let data1 = data0.env;
          if (typeof data1 === "string") {
            if (!pattern3.test(data1)) {
              const err1 = { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1") + "/env", schemaPath: "#/definitions/HeaderSource/properties/env/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }, message: 'must match pattern "^[A-Za-z_][A-Za-z0-9_]*$"', schema: "^[A-Za-z_][A-Za-z0-9_]*$", parentSchema: schema40.properties.env, data: data1 };
              if (vErrors === null) {
                vErrors = [err1];
              } else {
                vErrors.push(err1);
              }
              errors++;
            }
          } else {
            const err2 = { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1") + "/env", schemaPath: "#/definitions/HeaderSource/properties/env/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema40.properties.env.type, parentSchema: schema40.properties.env, data: data1 };
            if (vErrors === null) {
              vErrors = [err2];
            } else {
              vErrors.push(err2);
            }
            errors++;
          }
        }
        if (data0.file !== void 0) {
          let data2 = data0.file;
          if (typeof data2 !== "string") {
            const err3 = { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1") + "/file", schemaPath: "#/definitions/HeaderSource/properties/file/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema40.properties.file.type, parentSchema: schema40.properties.file, data: data2 };
            if (vErrors === null) {
              vErrors = [err3];
            } else {
              vErrors.push(err3);
            }
            errors++;
          }
        }
        if (data0.prefix !== void 0) {
          let data3 = data0.prefix;
          if (typeof data3 !== "string") {
            const err4 = { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1") + "/prefix", schemaPath: "#/definitions/HeaderSource/properties/prefix/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema40.properties.prefix.type, parentSchema: schema40.properties.prefix, data: data3 };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
        }
      } else {
        const err5 = { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/HeaderSource/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema40.type, parentSchema: schema40, data: data0 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
  } else {
    const err6 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema39.type, parentSchema: schema39, data };
    if (vErrors === null) {
      vErrors = [err6];
    } else {
      vErrors.push(err6);
    }
    errors++;
  }
  validate42.errors = vErrors;
  return errors === 0;
}
function validate39(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.url === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "url" }, message: "must have required property 'url'", schema: schema34.required, parentSchema: schema34, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func2.call(schema34.properties, key0)) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema34, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.url !== void 0) {
      let data0 = data.url;
      if (typeof data0 === "string") {
        if (!pattern0.test(data0)) {
          const err2 = { instancePath: instancePath + "/url", schemaPath: "#/definitions/UrlTemplate/pattern", keyword: "pattern", params: { pattern: "^https?://\\S+$" }, message: 'must match pattern "^https?://\\S+$"', schema: "^https?://\\S+$", parentSchema: schema35, data: data0 };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
      } else {
        const err3 = { instancePath: instancePath + "/url", schemaPath: "#/definitions/UrlTemplate/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema35.type, parentSchema: schema35, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.start !== void 0) {
      if (!validate40(data.start, { instancePath: instancePath + "/start", parentData: data, parentDataProperty: "start", rootData })) {
        vErrors = vErrors === null ? validate40.errors : vErrors.concat(validate40.errors);
        errors = vErrors.length;
      }
    }
    if (data.headers !== void 0) {
      if (!validate42(data.headers, { instancePath: instancePath + "/headers", parentData: data, parentDataProperty: "headers", rootData })) {
        vErrors = vErrors === null ? validate42.errors : vErrors.concat(validate42.errors);
        errors = vErrors.length;
      }
    }
    if (data.fields !== void 0) {
      let data3 = data.fields;
      if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
        for (const key1 in data3) {
          const err4 = { instancePath: instancePath + "/fields", schemaPath: "#/definitions/Record%3Cstring%2Cstring%3E/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema41, data: data3 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/fields", schemaPath: "#/definitions/Record%3Cstring%2Cstring%3E/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema41.type, parentSchema: schema41, data: data3 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.method !== void 0) {
      let data4 = data.method;
      if (typeof data4 !== "string") {
        const err6 = { instancePath: instancePath + "/method", schemaPath: "#/properties/method/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema34.properties.method.type, parentSchema: schema34.properties.method, data: data4 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data["resume-url"] !== void 0) {
      let data5 = data["resume-url"];
      if (typeof data5 !== "string") {
        const err7 = { instancePath: instancePath + "/resume-url", schemaPath: "#/properties/resume-url/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema34.properties["resume-url"].type, parentSchema: schema34.properties["resume-url"], data: data5 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.identity !== void 0) {
      let data6 = data.identity;
      if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
        if (data6.name === void 0) {
          const err8 = { instancePath: instancePath + "/identity", schemaPath: "#/definitions/Identity/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'", schema: schema42.required, parentSchema: schema42, data: data6 };
          if (vErrors === null) {
            vErrors = [err8];
          } else {
            vErrors.push(err8);
          }
          errors++;
        }
        for (const key2 in data6) {
          if (!(key2 === "name" || key2 === "version")) {
            const err9 = { instancePath: instancePath + "/identity", schemaPath: "#/definitions/Identity/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties", schema: false, parentSchema: schema42, data: data6 };
            if (vErrors === null) {
              vErrors = [err9];
            } else {
              vErrors.push(err9);
            }
            errors++;
          }
        }
        if (data6.name !== void 0) {
          let data7 = data6.name;
          if (typeof data7 !== "string") {
            const err10 = { instancePath: instancePath + "/identity/name", schemaPath: "#/definitions/Identity/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema42.properties.name.type, parentSchema: schema42.properties.name, data: data7 };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
        }
        if (data6.version !== void 0) {
          let data8 = data6.version;
          if (typeof data8 !== "string") {
            const err11 = { instancePath: instancePath + "/identity/version", schemaPath: "#/definitions/Identity/properties/version/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema42.properties.version.type, parentSchema: schema42.properties.version, data: data8 };
            if (vErrors === null) {
              vErrors = [err11];
            } else {
              vErrors.push(err11);
            }
            errors++;
          }
        }
      } else {
        const err12 = { instancePath: instancePath + "/identity", schemaPath: "#/definitions/Identity/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema42.type, parentSchema: schema42, data: data6 };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
    if (data.insecure !== void 0) {
      let data9 = data.insecure;
      if (typeof data9 !== "boolean") {
        const err13 = { instancePath: instancePath + "/insecure", schemaPath: "#/properties/insecure/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema34.properties.insecure.type, parentSchema: schema34.properties.insecure, data: data9 };
        if (vErrors === null) {
          vErrors = [err13];
        } else {
          vErrors.push(err13);
        }
        errors++;
      }
    }
  } else {
    const err14 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema34.type, parentSchema: schema34, data };
    if (vErrors === null) {
      vErrors = [err14];
    } else {
      vErrors.push(err14);
    }
    errors++;
  }
  validate39.errors = vErrors;
  return errors === 0;
}
var schema43 = { "description": "A request before the stream is opened. `{name}` stands for what an earlier one took.", "type": "object", "properties": { "method": { "description": "Default POST.", "enum": ["DELETE", "GET", "PATCH", "POST", "PUT"], "type": "string" }, "url": { "$ref": "#/definitions/UrlTemplate" }, "fields": { "$ref": "#/definitions/Record%3Cstring%2Cstring%3E", "description": "Header fields as they are sent; `{name}` stands for what an earlier request took." }, "headers": { "$ref": "#/definitions/Headers" }, "json": { "description": "The body, sent as application/json." }, "take": { "$ref": "#/definitions/Record%3Cstring%2Cstring%3E", "description": "What to take from the response, by name: `header Mcp-Session-Id` or `json /session/id`." } }, "additionalProperties": false, "required": ["url"] };
function validate45(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.url === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "url" }, message: "must have required property 'url'", schema: schema43.required, parentSchema: schema43, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "method" || key0 === "url" || key0 === "fields" || key0 === "headers" || key0 === "json" || key0 === "take")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema43, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.method !== void 0) {
      let data0 = data.method;
      if (typeof data0 !== "string") {
        const err2 = { instancePath: instancePath + "/method", schemaPath: "#/properties/method/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema43.properties.method.type, parentSchema: schema43.properties.method, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      if (!(data0 === "DELETE" || data0 === "GET" || data0 === "PATCH" || data0 === "POST" || data0 === "PUT")) {
        const err3 = { instancePath: instancePath + "/method", schemaPath: "#/properties/method/enum", keyword: "enum", params: { allowedValues: schema43.properties.method.enum }, message: "must be equal to one of the allowed values", schema: schema43.properties.method.enum, parentSchema: schema43.properties.method, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.url !== void 0) {
      let data1 = data.url;
      if (typeof data1 === "string") {
        if (!pattern0.test(data1)) {
          const err4 = { instancePath: instancePath + "/url", schemaPath: "#/definitions/UrlTemplate/pattern", keyword: "pattern", params: { pattern: "^https?://\\S+$" }, message: 'must match pattern "^https?://\\S+$"', schema: "^https?://\\S+$", parentSchema: schema35, data: data1 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/url", schemaPath: "#/definitions/UrlTemplate/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema35.type, parentSchema: schema35, data: data1 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.fields !== void 0) {
      let data2 = data.fields;
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        for (const key1 in data2) {
          const err6 = { instancePath: instancePath + "/fields", schemaPath: "#/definitions/Record%3Cstring%2Cstring%3E/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema41, data: data2 };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
      } else {
        const err7 = { instancePath: instancePath + "/fields", schemaPath: "#/definitions/Record%3Cstring%2Cstring%3E/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema41.type, parentSchema: schema41, data: data2 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.headers !== void 0) {
      if (!validate42(data.headers, { instancePath: instancePath + "/headers", parentData: data, parentDataProperty: "headers", rootData })) {
        vErrors = vErrors === null ? validate42.errors : vErrors.concat(validate42.errors);
        errors = vErrors.length;
      }
    }
    if (data.take !== void 0) {
      let data4 = data.take;
      if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
        for (const key2 in data4) {
          const err8 = { instancePath: instancePath + "/take", schemaPath: "#/definitions/Record%3Cstring%2Cstring%3E/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties", schema: false, parentSchema: schema41, data: data4 };
          if (vErrors === null) {
            vErrors = [err8];
          } else {
            vErrors.push(err8);
          }
          errors++;
        }
      } else {
        const err9 = { instancePath: instancePath + "/take", schemaPath: "#/definitions/Record%3Cstring%2Cstring%3E/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema41.type, parentSchema: schema41, data: data4 };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
  } else {
    const err10 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema43.type, parentSchema: schema43, data };
    if (vErrors === null) {
      vErrors = [err10];
    } else {
      vErrors.push(err10);
    }
    errors++;
  }
  validate45.errors = vErrors;
  return errors === 0;
}
var schema47 = { "description": "How to publish an event: exactly one of these.", "minProperties": 1, "maxProperties": 1, "type": "object", "properties": { "http": { "type": "object", "properties": { "method": { "description": "Default POST.", "enum": ["GET", "PATCH", "POST", "PUT"], "type": "string" }, "url": { "$ref": "#/definitions/UrlTemplate" }, "headers": { "$ref": "#/definitions/Headers" }, "json": { "description": 'The body, sent as application/json; "{payload}" alone becomes the payload.' }, "body": { "description": "The body as text, with `{payload}`.", "type": "string" }, "type": { "description": "The media type of `body`. Default text/plain.", "type": "string" } }, "additionalProperties": false, "required": ["url"] }, "exec": { "$ref": "#/definitions/ExecAction" }, "module": { "description": "An ES module, relative to this file, that exports `driver`.", "type": "string" } }, "additionalProperties": false };
var schema49 = { "description": "A command. It runs in a shell, in the folder of this file, with details of the request in its environment.", "type": "object", "properties": { "command": { "type": "string" }, "timeout": { "$ref": "#/definitions/Duration", "description": "How long one call may take. Default 10s." } }, "additionalProperties": false, "required": ["command"] };
function validate50(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.command === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "command" }, message: "must have required property 'command'", schema: schema49.required, parentSchema: schema49, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "command" || key0 === "timeout")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema49, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.command !== void 0) {
      let data0 = data.command;
      if (typeof data0 !== "string") {
        const err2 = { instancePath: instancePath + "/command", schemaPath: "#/properties/command/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema49.properties.command.type, parentSchema: schema49.properties.command, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.timeout !== void 0) {
      let data1 = data.timeout;
      if (typeof data1 === "string") {
        if (!pattern2.test(data1)) {
          const err3 = { instancePath: instancePath + "/timeout", schemaPath: "#/definitions/Duration/pattern", keyword: "pattern", params: { pattern: "^\\d+(\\.\\d+)?(ms|s|m)$" }, message: 'must match pattern "^\\d+(\\.\\d+)?(ms|s|m)$"', schema: "^\\d+(\\.\\d+)?(ms|s|m)$", parentSchema: schema38, data: data1 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/timeout", schemaPath: "#/definitions/Duration/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema38.type, parentSchema: schema38, data: data1 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
  } else {
    const err5 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema49.type, parentSchema: schema49, data };
    if (vErrors === null) {
      vErrors = [err5];
    } else {
      vErrors.push(err5);
    }
    errors++;
  }
  validate50.errors = vErrors;
  return errors === 0;
}
function validate48(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (Object.keys(data).length > 1) {
      const err0 = { instancePath, schemaPath: "#/maxProperties", keyword: "maxProperties", params: { limit: 1 }, message: "must NOT have more than 1 properties", schema: 1, parentSchema: schema47, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (Object.keys(data).length < 1) {
      const err1 = { instancePath, schemaPath: "#/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties", schema: 1, parentSchema: schema47, data };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "http" || key0 === "exec" || key0 === "module")) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema47, data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.http !== void 0) {
      let data0 = data.http;
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
        if (data0.url === void 0) {
          const err3 = { instancePath: instancePath + "/http", schemaPath: "#/properties/http/required", keyword: "required", params: { missingProperty: "url" }, message: "must have required property 'url'", schema: schema47.properties.http.required, parentSchema: schema47.properties.http, data: data0 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
        for (const key1 in data0) {
          if (!(key1 === "method" || key1 === "url" || key1 === "headers" || key1 === "json" || key1 === "body" || key1 === "type")) {
            const err4 = { instancePath: instancePath + "/http", schemaPath: "#/properties/http/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema47.properties.http, data: data0 };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
        }
        if (data0.method !== void 0) {
          let data1 = data0.method;
          if (typeof data1 !== "string") {
            const err5 = { instancePath: instancePath + "/http/method", schemaPath: "#/properties/http/properties/method/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema47.properties.http.properties.method.type, parentSchema: schema47.properties.http.properties.method, data: data1 };
            if (vErrors === null) {
              vErrors = [err5];
            } else {
              vErrors.push(err5);
            }
            errors++;
          }
          if (!(data1 === "GET" || data1 === "PATCH" || data1 === "POST" || data1 === "PUT")) {
            const err6 = { instancePath: instancePath + "/http/method", schemaPath: "#/properties/http/properties/method/enum", keyword: "enum", params: { allowedValues: schema47.properties.http.properties.method.enum }, message: "must be equal to one of the allowed values", schema: schema47.properties.http.properties.method.enum, parentSchema: schema47.properties.http.properties.method, data: data1 };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
        }
        if (data0.url !== void 0) {
          let data2 = data0.url;
          if (typeof data2 === "string") {
            if (!pattern0.test(data2)) {
              const err7 = { instancePath: instancePath + "/http/url", schemaPath: "#/definitions/UrlTemplate/pattern", keyword: "pattern", params: { pattern: "^https?://\\S+$" }, message: 'must match pattern "^https?://\\S+$"', schema: "^https?://\\S+$", parentSchema: schema35, data: data2 };
              if (vErrors === null) {
                vErrors = [err7];
              } else {
                vErrors.push(err7);
              }
              errors++;
            }
          } else {
            const err8 = { instancePath: instancePath + "/http/url", schemaPath: "#/definitions/UrlTemplate/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema35.type, parentSchema: schema35, data: data2 };
            if (vErrors === null) {
              vErrors = [err8];
            } else {
              vErrors.push(err8);
            }
            errors++;
          }
        }
        if (data0.headers !== void 0) {
          if (!validate42(data0.headers, { instancePath: instancePath + "/http/headers", parentData: data0, parentDataProperty: "headers", rootData })) {
            vErrors = vErrors === null ? validate42.errors : vErrors.concat(validate42.errors);
            errors = vErrors.length;
          }
        }
        if (data0.body !== void 0) {
          let data4 = data0.body;
          if (typeof data4 !== "string") {
            const err9 = { instancePath: instancePath + "/http/body", schemaPath: "#/properties/http/properties/body/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema47.properties.http.properties.body.type, parentSchema: schema47.properties.http.properties.body, data: data4 };
            if (vErrors === null) {
              vErrors = [err9];
            } else {
              vErrors.push(err9);
            }
            errors++;
          }
        }
        if (data0.type !== void 0) {
          let data5 = data0.type;
          if (typeof data5 !== "string") {
            const err10 = { instancePath: instancePath + "/http/type", schemaPath: "#/properties/http/properties/type/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema47.properties.http.properties.type.type, parentSchema: schema47.properties.http.properties.type, data: data5 };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
        }
      } else {
        const err11 = { instancePath: instancePath + "/http", schemaPath: "#/properties/http/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema47.properties.http.type, parentSchema: schema47.properties.http, data: data0 };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
    if (data.exec !== void 0) {
      if (!validate50(data.exec, { instancePath: instancePath + "/exec", parentData: data, parentDataProperty: "exec", rootData })) {
        vErrors = vErrors === null ? validate50.errors : vErrors.concat(validate50.errors);
        errors = vErrors.length;
      }
    }
    if (data.module !== void 0) {
      let data7 = data.module;
      if (typeof data7 !== "string") {
        const err12 = { instancePath: instancePath + "/module", schemaPath: "#/properties/module/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema47.properties.module.type, parentSchema: schema47.properties.module, data: data7 };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
  } else {
    const err13 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema47.type, parentSchema: schema47, data };
    if (vErrors === null) {
      vErrors = [err13];
    } else {
      vErrors.push(err13);
    }
    errors++;
  }
  validate48.errors = vErrors;
  return errors === 0;
}
function validate38(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  ;
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.target === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "target" }, message: "must have required property 'target'", schema: schema33.required, parentSchema: schema33, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func2.call(schema33.properties, key0)) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema33, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.target !== void 0) {
      if (!validate39(data.target, { instancePath: instancePath + "/target", parentData: data, parentDataProperty: "target", rootData })) {
        vErrors = vErrors === null ? validate39.errors : vErrors.concat(validate39.errors);
        errors = vErrors.length;
      }
    }
    if (data.setup !== void 0) {
      let data1 = data.setup;
      if (Array.isArray(data1)) {
        const len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++) {
          if (!validate45(data1[i0], { instancePath: instancePath + "/setup/" + i0, parentData: data1, parentDataProperty: i0, rootData })) {
            vErrors = vErrors === null ? validate45.errors : vErrors.concat(validate45.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err2 = { instancePath: instancePath + "/setup", schemaPath: "#/properties/setup/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema33.properties.setup.type, parentSchema: schema33.properties.setup, data: data1 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.publish !== void 0) {
      if (!validate48(data.publish, { instancePath: instancePath + "/publish", parentData: data, parentDataProperty: "publish", rootData })) {
        vErrors = vErrors === null ? validate48.errors : vErrors.concat(validate48.errors);
        errors = vErrors.length;
      }
    }
    if (data.payload !== void 0) {
      let data4 = data.payload;
      if (typeof data4 !== "string") {
        const err3 = { instancePath: instancePath + "/payload", schemaPath: "#/properties/payload/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema33.properties.payload.type, parentSchema: schema33.properties.payload, data: data4 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
      if (!(data4 === "json" || data4 === "text")) {
        const err4 = { instancePath: instancePath + "/payload", schemaPath: "#/properties/payload/enum", keyword: "enum", params: { allowedValues: schema33.properties.payload.enum }, message: "must be equal to one of the allowed values", schema: schema33.properties.payload.enum, parentSchema: schema33.properties.payload, data: data4 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.promises !== void 0) {
      let data5 = data.promises;
      if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
        for (const key1 in data5) {
          if (!(key1 === "resume" || key1 === "ids" || key1 === "isolation" || key1 === "restart" || key1 === "end")) {
            const err5 = { instancePath: instancePath + "/promises", schemaPath: "#/definitions/PromisesConfig/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema51, data: data5 };
            if (vErrors === null) {
              vErrors = [err5];
            } else {
              vErrors.push(err5);
            }
            errors++;
          }
        }
        if (data5.resume !== void 0) {
          let data6 = data5.resume;
          if (typeof data6 !== "string") {
            const err6 = { instancePath: instancePath + "/promises/resume", schemaPath: "#/definitions/PromisesConfig/properties/resume/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema51.properties.resume.type, parentSchema: schema51.properties.resume, data: data6 };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
          if ("exact" !== data6) {
            const err7 = { instancePath: instancePath + "/promises/resume", schemaPath: "#/definitions/PromisesConfig/properties/resume/const", keyword: "const", params: { allowedValue: "exact" }, message: "must be equal to constant", schema: "exact", parentSchema: schema51.properties.resume, data: data6 };
            if (vErrors === null) {
              vErrors = [err7];
            } else {
              vErrors.push(err7);
            }
            errors++;
          }
        }
        if (data5.ids !== void 0) {
          let data7 = data5.ids;
          if (typeof data7 !== "string") {
            const err8 = { instancePath: instancePath + "/promises/ids", schemaPath: "#/definitions/PromisesConfig/properties/ids/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema51.properties.ids.type, parentSchema: schema51.properties.ids, data: data7 };
            if (vErrors === null) {
              vErrors = [err8];
            } else {
              vErrors.push(err8);
            }
            errors++;
          }
          if ("unique" !== data7) {
            const err9 = { instancePath: instancePath + "/promises/ids", schemaPath: "#/definitions/PromisesConfig/properties/ids/const", keyword: "const", params: { allowedValue: "unique" }, message: "must be equal to constant", schema: "unique", parentSchema: schema51.properties.ids, data: data7 };
            if (vErrors === null) {
              vErrors = [err9];
            } else {
              vErrors.push(err9);
            }
            errors++;
          }
        }
        if (data5.isolation !== void 0) {
          let data8 = data5.isolation;
          if (typeof data8 !== "string") {
            const err10 = { instancePath: instancePath + "/promises/isolation", schemaPath: "#/definitions/PromisesConfig/properties/isolation/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema51.properties.isolation.type, parentSchema: schema51.properties.isolation, data: data8 };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
          if ("session" !== data8) {
            const err11 = { instancePath: instancePath + "/promises/isolation", schemaPath: "#/definitions/PromisesConfig/properties/isolation/const", keyword: "const", params: { allowedValue: "session" }, message: "must be equal to constant", schema: "session", parentSchema: schema51.properties.isolation, data: data8 };
            if (vErrors === null) {
              vErrors = [err11];
            } else {
              vErrors.push(err11);
            }
            errors++;
          }
        }
        if (data5.restart !== void 0) {
          let data9 = data5.restart;
          if (typeof data9 !== "string") {
            const err12 = { instancePath: instancePath + "/promises/restart", schemaPath: "#/definitions/PromisesConfig/properties/restart/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema51.properties.restart.type, parentSchema: schema51.properties.restart, data: data9 };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
          if ("safe" !== data9) {
            const err13 = { instancePath: instancePath + "/promises/restart", schemaPath: "#/definitions/PromisesConfig/properties/restart/const", keyword: "const", params: { allowedValue: "safe" }, message: "must be equal to constant", schema: "safe", parentSchema: schema51.properties.restart, data: data9 };
            if (vErrors === null) {
              vErrors = [err13];
            } else {
              vErrors.push(err13);
            }
            errors++;
          }
        }
        if (data5.end !== void 0) {
          let data10 = data5.end;
          if (typeof data10 !== "string") {
            const err14 = { instancePath: instancePath + "/promises/end", schemaPath: "#/definitions/PromisesConfig/properties/end/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema51.properties.end.type, parentSchema: schema51.properties.end, data: data10 };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
          if ("terminal" !== data10) {
            const err15 = { instancePath: instancePath + "/promises/end", schemaPath: "#/definitions/PromisesConfig/properties/end/const", keyword: "const", params: { allowedValue: "terminal" }, message: "must be equal to constant", schema: "terminal", parentSchema: schema51.properties.end, data: data10 };
            if (vErrors === null) {
              vErrors = [err15];
            } else {
              vErrors.push(err15);
            }
            errors++;
          }
        }
      } else {
        const err16 = { instancePath: instancePath + "/promises", schemaPath: "#/definitions/PromisesConfig/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema51.type, parentSchema: schema51, data: data5 };
        if (vErrors === null) {
          vErrors = [err16];
        } else {
          vErrors.push(err16);
        }
        errors++;
      }
    }
    if (data.vocabulary !== void 0) {
      let data11 = data.vocabulary;
      if (typeof data11 !== "string") {
        const err17 = { instancePath: instancePath + "/vocabulary", schemaPath: "#/properties/vocabulary/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema33.properties.vocabulary.type, parentSchema: schema33.properties.vocabulary, data: data11 };
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      }
    }
    if (data.observe !== void 0) {
      let data12 = data.observe;
      if (typeof data12 === "string") {
        if (!pattern2.test(data12)) {
          const err18 = { instancePath: instancePath + "/observe", schemaPath: "#/definitions/Duration/pattern", keyword: "pattern", params: { pattern: "^\\d+(\\.\\d+)?(ms|s|m)$" }, message: 'must match pattern "^\\d+(\\.\\d+)?(ms|s|m)$"', schema: "^\\d+(\\.\\d+)?(ms|s|m)$", parentSchema: schema38, data: data12 };
          if (vErrors === null) {
            vErrors = [err18];
          } else {
            vErrors.push(err18);
          }
          errors++;
        }
      } else {
        const err19 = { instancePath: instancePath + "/observe", schemaPath: "#/definitions/Duration/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema38.type, parentSchema: schema38, data: data12 };
        if (vErrors === null) {
          vErrors = [err19];
        } else {
          vErrors.push(err19);
        }
        errors++;
      }
    }
    if (data.thorough !== void 0) {
      let data13 = data.thorough;
      if (typeof data13 !== "boolean") {
        const err20 = { instancePath: instancePath + "/thorough", schemaPath: "#/properties/thorough/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema33.properties.thorough.type, parentSchema: schema33.properties.thorough, data: data13 };
        if (vErrors === null) {
          vErrors = [err20];
        } else {
          vErrors.push(err20);
        }
        errors++;
      }
    }
    if (data.restart !== void 0) {
      if (!validate50(data.restart, { instancePath: instancePath + "/restart", parentData: data, parentDataProperty: "restart", rootData })) {
        vErrors = vErrors === null ? validate50.errors : vErrors.concat(validate50.errors);
        errors = vErrors.length;
      }
    }
    if (data.baseline !== void 0) {
      let data15 = data.baseline;
      if (typeof data15 !== "string") {
        const err21 = { instancePath: instancePath + "/baseline", schemaPath: "#/properties/baseline/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema33.properties.baseline.type, parentSchema: schema33.properties.baseline, data: data15 };
        if (vErrors === null) {
          vErrors = [err21];
        } else {
          vErrors.push(err21);
        }
        errors++;
      }
    }
    if (data.run !== void 0) {
      let data16 = data.run;
      if (Array.isArray(data16)) {
        const len1 = data16.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data17 = data16[i1];
          if (typeof data17 !== "string") {
            const err22 = { instancePath: instancePath + "/run/" + i1, schemaPath: "#/properties/run/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema33.properties.run.items.type, parentSchema: schema33.properties.run.items, data: data17 };
            if (vErrors === null) {
              vErrors = [err22];
            } else {
              vErrors.push(err22);
            }
            errors++;
          }
        }
      } else {
        const err23 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema33.properties.run.type, parentSchema: schema33.properties.run, data: data16 };
        if (vErrors === null) {
          vErrors = [err23];
        } else {
          vErrors.push(err23);
        }
        errors++;
      }
    }
    if (data.skip !== void 0) {
      let data18 = data.skip;
      if (Array.isArray(data18)) {
        const len2 = data18.length;
        for (let i2 = 0; i2 < len2; i2++) {
          let data19 = data18[i2];
          if (typeof data19 !== "string") {
            const err24 = { instancePath: instancePath + "/skip/" + i2, schemaPath: "#/properties/skip/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema33.properties.skip.items.type, parentSchema: schema33.properties.skip.items, data: data19 };
            if (vErrors === null) {
              vErrors = [err24];
            } else {
              vErrors.push(err24);
            }
            errors++;
          }
        }
      } else {
        const err25 = { instancePath: instancePath + "/skip", schemaPath: "#/properties/skip/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema33.properties.skip.type, parentSchema: schema33.properties.skip, data: data18 };
        if (vErrors === null) {
          vErrors = [err25];
        } else {
          vErrors.push(err25);
        }
        errors++;
      }
    }
    if (data.strict !== void 0) {
      let data20 = data.strict;
      if (typeof data20 !== "boolean") {
        const err26 = { instancePath: instancePath + "/strict", schemaPath: "#/properties/strict/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema33.properties.strict.type, parentSchema: schema33.properties.strict, data: data20 };
        if (vErrors === null) {
          vErrors = [err26];
        } else {
          vErrors.push(err26);
        }
        errors++;
      }
    }
    if (data.reporter !== void 0) {
      let data21 = data.reporter;
      if (typeof data21 !== "string") {
        const err27 = { instancePath: instancePath + "/reporter", schemaPath: "#/properties/reporter/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema33.properties.reporter.type, parentSchema: schema33.properties.reporter, data: data21 };
        if (vErrors === null) {
          vErrors = [err27];
        } else {
          vErrors.push(err27);
        }
        errors++;
      }
    }
  } else {
    const err28 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema33.type, parentSchema: schema33, data };
    if (vErrors === null) {
      vErrors = [err28];
    } else {
      vErrors.push(err28);
    }
    errors++;
  }
  validate38.errors = vErrors;
  return errors === 0;
}
var validateDialect = validate54;
var schema53 = { "$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://tidemark.example/schemas/conformance/dialect.json", "title": "dialect", "description": "How a server expresses the delivery of messages.", "type": "object", "properties": { "title": { "description": "What it describes, in a few words.", "type": "string" }, "source": { "description": "The public document that it is taken from.", "pattern": "^(https?://\\S+|spec/\\S+|.*README.*)$", "type": "string" }, "tested": { "description": "The server that the tests of this package run it against. Without it: an example that nobody ran.", "type": "string" }, "setup": { "description": "Requests before a feed is used, for each feed.", "type": "array", "items": { "$ref": "#/definitions/DialectSetup" } }, "publish": { "$ref": "#/definitions/RequestTemplate", "description": "How to publish a message." }, "batch": { "$ref": "#/definitions/RequestTemplate", "description": 'How to publish several messages at once; "{messages}" is the list of objects with `data`.' }, "payload": { "description": "Whether a publish takes a payload as JSON or as text. Default json.", "enum": ["json", "text"], "type": "string" }, "close": { "$ref": "#/definitions/RequestTemplate", "description": "How to end a feed." }, "trim": { "$ref": "#/definitions/RequestTemplate", "description": "How to drop all but the newest {keep} messages of a feed, as retention does." }, "remove": { "$ref": "#/definitions/RequestTemplate", "description": "How to remove a feed that the suite has used." }, "keeps": { "description": "How many messages the server keeps, if it drops older ones.", "minimum": 1, "type": "integer" }, "poll": { "$ref": "#/definitions/ReadConfig" }, "long-poll": { "$ref": "#/definitions/ReadConfig" }, "sse": { "$ref": "#/definitions/StreamConfig" }, "promises": { "$ref": "#/definitions/DeliveryPromises" }, "module": { "description": "An ES module, relative to this file, for what templates cannot say.", "type": "string" } }, "additionalProperties": false, "required": ["source", "title"], "definitions": { "DialectSetup": { "description": "A request before a feed is used. `{name}` stands for what an earlier one took.", "type": "object", "properties": { "take": { "$ref": "#/definitions/PositionPlaces", "description": "What to take from the response, by name: `header Mcp-Session-Id` or `json /session/id`." }, "method": { "description": "Default GET, or POST with `json` or `body`.", "type": "string" }, "url": { "type": "string" }, "fields": { "$ref": "#/definitions/Fields", "description": "Header fields, with their values." }, "json": { "description": 'The body, sent as application/json. In a publish, "{payload}" alone becomes the payload.' }, "body": { "description": "The body as text, with `{payload}`.", "type": "string" }, "type": { "description": "The media type of `body`. Default text/plain.", "type": "string" } }, "additionalProperties": false, "required": ["url"] }, "PositionPlaces": { "description": "Named places of the parts of a position.", "type": "object", "additionalProperties": { "type": "string" } }, "Fields": { "description": "Header fields with their values.", "type": "object", "additionalProperties": { "type": "string" } }, "RequestTemplate": { "description": "A request. `{base}` stands for the URL of the command line, `{channel}` for the feed, `{position}` (or the name of a\npart) for the position. A parameter of the query, and a header field, whose placeholder has no value is left out.", "type": "object", "properties": { "method": { "description": "Default GET, or POST with `json` or `body`.", "type": "string" }, "url": { "type": "string" }, "fields": { "$ref": "#/definitions/Fields", "description": "Header fields, with their values." }, "json": { "description": 'The body, sent as application/json. In a publish, "{payload}" alone becomes the payload.' }, "body": { "description": "The body as text, with `{payload}`.", "type": "string" }, "type": { "description": "The media type of `body`. Default text/plain.", "type": "string" } }, "additionalProperties": false, "required": ["url"] }, "ReadConfig": { "description": "Reading by requests: polling, or long polling.", "type": "object", "properties": { "request": { "$ref": "#/definitions/RequestTemplate" }, "position": { "$ref": "#/definitions/PositionConfig" }, "messages": { "$ref": "#/definitions/PageMessages", "description": "Default: the whole body is one message." }, "empty": { "description": "The statuses of an empty response. Default 204 and 304.", "type": "array", "items": { "type": "number" } }, "limit": { "$ref": "#/definitions/Duration", "description": "The longest time that a request is held without a message." }, "loss": { "$ref": "#/definitions/Sign", "description": "How a response reports that messages are missing." }, "end": { "$ref": "#/definitions/Sign", "description": "How a response reports the end of the feed." } }, "additionalProperties": false, "required": ["request"] }, "PositionConfig": { "description": "The position of a reader.", "type": "object", "properties": { "from": { "description": "Where responses have it: one place, or one for each part. A response without the first part gives no position.\nDefault for streams: `id`.", "anyOf": [{ "$ref": "#/definitions/PositionPlaces" }, { "type": "string" }] }, "event": { "description": "The name of the event whose data has it. Default for streams: any event.", "type": "string" }, "start": { "description": "The position before the oldest message. Without it, the first request has no position.", "anyOf": [{ "$ref": "#/definitions/PositionParts" }, { "type": "string" }] }, "end": { "description": "The position after the newest message.", "anyOf": [{ "$ref": "#/definitions/PositionParts" }, { "type": "string" }] }, "unknown": { "description": "A position that no feed has.", "anyOf": [{ "$ref": "#/definitions/PositionParts" }, { "type": "string" }] } }, "additionalProperties": false }, "PositionParts": { "description": "Named parts of a position.", "type": "object", "additionalProperties": { "type": "string" } }, "PageMessages": { "description": "Where the messages of a response are.", "type": "object", "properties": { "list": { "$ref": "#/definitions/Pointer", "description": "The list of messages in JSON. Without it, the whole body is one message." }, "payload": { "$ref": "#/definitions/Pointer", "description": "The payload in each of them. Default: the whole." }, "position": { "$ref": "#/definitions/Pointer", "description": "The position of each of them, for a position with one part." } }, "additionalProperties": false }, "Pointer": { "description": "A JSON Pointer, such as /results/0; the empty text is the whole document.", "pattern": "^(/.*)?$", "type": "string" }, "Duration": { "description": "A duration such as 90s, 500ms or 2m.", "pattern": "^\\d+(\\.\\d+)?(ms|s|m)$", "type": "string" }, "Sign": { "description": "How a response shows something: each part that is given is enough, but `json` with `event` is a place in its data.", "type": "object", "properties": { "status": { "description": "Statuses.", "type": "array", "items": { "type": "number" } }, "header": { "description": "A header field that is present.", "type": "string" }, "json": { "$ref": "#/definitions/Pointer", "description": "A place in JSON that is neither missing, false nor null." }, "event": { "description": "The name of an event of a stream.", "type": "string" } }, "additionalProperties": false }, "StreamConfig": { "description": "Reading a stream of events.", "type": "object", "properties": { "request": { "$ref": "#/definitions/RequestTemplate" }, "position": { "$ref": "#/definitions/PositionConfig" }, "messages": { "$ref": "#/definitions/StreamMessages" }, "readers": { "description": "How many readers a feed can have. Default: any number.", "type": "number" }, "loss": { "$ref": "#/definitions/Sign" }, "end": { "$ref": "#/definitions/Sign" } }, "additionalProperties": false, "required": ["request"] }, "StreamMessages": { "description": "Where the messages of a stream are.", "type": "object", "properties": { "event": { "description": "The name of their events. Default: any.", "type": "string" }, "except": { "description": "The names of events that are no messages.", "type": "array", "items": { "type": "string" } }, "payload": { "$ref": "#/definitions/Pointer", "description": "The payload in the JSON of the data. Default: the data." }, "each": { "$ref": "#/definitions/Pointer", "description": "The data is a list in JSON, and each item is a message." } }, "additionalProperties": false }, "DeliveryPromises": { "description": "What the server promises; a promised sentence binds as a MUST.", "type": "object", "properties": { "delivery": { "type": "string", "const": "every" }, "order": { "type": "string", "const": "one" }, "start": { "type": "string", "const": "oldest" }, "resume": { "enum": ["batch", "exact", "none"], "type": "string" }, "positions": { "type": "string", "const": "shared" }, "restart": { "type": "string", "const": "safe" }, "unknown-position": { "type": "string", "const": "reported" }, "lost-history": { "type": "string", "const": "reported" }, "end": { "type": "string", "const": "reported" }, "isolation": { "type": "string", "const": "feed" } }, "additionalProperties": false } } };
var schema76 = { "description": "What the server promises; a promised sentence binds as a MUST.", "type": "object", "properties": { "delivery": { "type": "string", "const": "every" }, "order": { "type": "string", "const": "one" }, "start": { "type": "string", "const": "oldest" }, "resume": { "enum": ["batch", "exact", "none"], "type": "string" }, "positions": { "type": "string", "const": "shared" }, "restart": { "type": "string", "const": "safe" }, "unknown-position": { "type": "string", "const": "reported" }, "lost-history": { "type": "string", "const": "reported" }, "end": { "type": "string", "const": "reported" }, "isolation": { "type": "string", "const": "feed" } }, "additionalProperties": false };
var pattern18 = new RegExp("^(https?://\\S+|spec/\\S+|.*README.*)$", "u");
var schema54 = { "description": "A request before a feed is used. `{name}` stands for what an earlier one took.", "type": "object", "properties": { "take": { "$ref": "#/definitions/PositionPlaces", "description": "What to take from the response, by name: `header Mcp-Session-Id` or `json /session/id`." }, "method": { "description": "Default GET, or POST with `json` or `body`.", "type": "string" }, "url": { "type": "string" }, "fields": { "$ref": "#/definitions/Fields", "description": "Header fields, with their values." }, "json": { "description": 'The body, sent as application/json. In a publish, "{payload}" alone becomes the payload.' }, "body": { "description": "The body as text, with `{payload}`.", "type": "string" }, "type": { "description": "The media type of `body`. Default text/plain.", "type": "string" } }, "additionalProperties": false, "required": ["url"] };
var schema55 = { "description": "Named places of the parts of a position.", "type": "object", "additionalProperties": { "type": "string" } };
var schema56 = { "description": "Header fields with their values.", "type": "object", "additionalProperties": { "type": "string" } };
function validate55(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.url === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "url" }, message: "must have required property 'url'", schema: schema54.required, parentSchema: schema54, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "take" || key0 === "method" || key0 === "url" || key0 === "fields" || key0 === "json" || key0 === "body" || key0 === "type")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema54, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.take !== void 0) {
      let data0 = data.take;
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
        for (const key1 in data0) {
          let data1 = data0[key1];
          if (typeof data1 !== "string") {
            const err2 = { instancePath: instancePath + "/take/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/PositionPlaces/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema55.additionalProperties.type, parentSchema: schema55.additionalProperties, data: data1 };
            if (vErrors === null) {
              vErrors = [err2];
            } else {
              vErrors.push(err2);
            }
            errors++;
          }
        }
      } else {
        const err3 = { instancePath: instancePath + "/take", schemaPath: "#/definitions/PositionPlaces/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema55.type, parentSchema: schema55, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.method !== void 0) {
      let data2 = data.method;
      if (typeof data2 !== "string") {
        const err4 = { instancePath: instancePath + "/method", schemaPath: "#/properties/method/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema54.properties.method.type, parentSchema: schema54.properties.method, data: data2 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.url !== void 0) {
      let data3 = data.url;
      if (typeof data3 !== "string") {
        const err5 = { instancePath: instancePath + "/url", schemaPath: "#/properties/url/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema54.properties.url.type, parentSchema: schema54.properties.url, data: data3 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.fields !== void 0) {
      let data4 = data.fields;
      if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
        for (const key2 in data4) {
          let data5 = data4[key2];
          if (typeof data5 !== "string") {
            const err6 = { instancePath: instancePath + "/fields/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Fields/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema56.additionalProperties.type, parentSchema: schema56.additionalProperties, data: data5 };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
        }
      } else {
        const err7 = { instancePath: instancePath + "/fields", schemaPath: "#/definitions/Fields/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema56.type, parentSchema: schema56, data: data4 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.body !== void 0) {
      let data6 = data.body;
      if (typeof data6 !== "string") {
        const err8 = { instancePath: instancePath + "/body", schemaPath: "#/properties/body/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema54.properties.body.type, parentSchema: schema54.properties.body, data: data6 };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.type !== void 0) {
      let data7 = data.type;
      if (typeof data7 !== "string") {
        const err9 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema54.properties.type.type, parentSchema: schema54.properties.type, data: data7 };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
  } else {
    const err10 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema54.type, parentSchema: schema54, data };
    if (vErrors === null) {
      vErrors = [err10];
    } else {
      vErrors.push(err10);
    }
    errors++;
  }
  validate55.errors = vErrors;
  return errors === 0;
}
var schema57 = { "description": "A request. `{base}` stands for the URL of the command line, `{channel}` for the feed, `{position}` (or the name of a\npart) for the position. A parameter of the query, and a header field, whose placeholder has no value is left out.", "type": "object", "properties": { "method": { "description": "Default GET, or POST with `json` or `body`.", "type": "string" }, "url": { "type": "string" }, "fields": { "$ref": "#/definitions/Fields", "description": "Header fields, with their values." }, "json": { "description": 'The body, sent as application/json. In a publish, "{payload}" alone becomes the payload.' }, "body": { "description": "The body as text, with `{payload}`.", "type": "string" }, "type": { "description": "The media type of `body`. Default text/plain.", "type": "string" } }, "additionalProperties": false, "required": ["url"] };
function validate57(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.url === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "url" }, message: "must have required property 'url'", schema: schema57.required, parentSchema: schema57, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "method" || key0 === "url" || key0 === "fields" || key0 === "json" || key0 === "body" || key0 === "type")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema57, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.method !== void 0) {
      let data0 = data.method;
      if (typeof data0 !== "string") {
        const err2 = { instancePath: instancePath + "/method", schemaPath: "#/properties/method/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema57.properties.method.type, parentSchema: schema57.properties.method, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.url !== void 0) {
      let data1 = data.url;
      if (typeof data1 !== "string") {
        const err3 = { instancePath: instancePath + "/url", schemaPath: "#/properties/url/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema57.properties.url.type, parentSchema: schema57.properties.url, data: data1 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.fields !== void 0) {
      let data2 = data.fields;
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        for (const key1 in data2) {
          let data3 = data2[key1];
          if (typeof data3 !== "string") {
            const err4 = { instancePath: instancePath + "/fields/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Fields/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema56.additionalProperties.type, parentSchema: schema56.additionalProperties, data: data3 };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
        }
      } else {
        const err5 = { instancePath: instancePath + "/fields", schemaPath: "#/definitions/Fields/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema56.type, parentSchema: schema56, data: data2 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.body !== void 0) {
      let data4 = data.body;
      if (typeof data4 !== "string") {
        const err6 = { instancePath: instancePath + "/body", schemaPath: "#/properties/body/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema57.properties.body.type, parentSchema: schema57.properties.body, data: data4 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.type !== void 0) {
      let data5 = data.type;
      if (typeof data5 !== "string") {
        const err7 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema57.properties.type.type, parentSchema: schema57.properties.type, data: data5 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
  } else {
    const err8 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema57.type, parentSchema: schema57, data };
    if (vErrors === null) {
      vErrors = [err8];
    } else {
      vErrors.push(err8);
    }
    errors++;
  }
  validate57.errors = vErrors;
  return errors === 0;
}
var schema59 = { "description": "Reading by requests: polling, or long polling.", "type": "object", "properties": { "request": { "$ref": "#/definitions/RequestTemplate" }, "position": { "$ref": "#/definitions/PositionConfig" }, "messages": { "$ref": "#/definitions/PageMessages", "description": "Default: the whole body is one message." }, "empty": { "description": "The statuses of an empty response. Default 204 and 304.", "type": "array", "items": { "type": "number" } }, "limit": { "$ref": "#/definitions/Duration", "description": "The longest time that a request is held without a message." }, "loss": { "$ref": "#/definitions/Sign", "description": "How a response reports that messages are missing." }, "end": { "$ref": "#/definitions/Sign", "description": "How a response reports the end of the feed." } }, "additionalProperties": false, "required": ["request"] };
var schema69 = { "description": "A duration such as 90s, 500ms or 2m.", "pattern": "^\\d+(\\.\\d+)?(ms|s|m)$", "type": "string" };
var schema60 = { "description": "The position of a reader.", "type": "object", "properties": { "from": { "description": "Where responses have it: one place, or one for each part. A response without the first part gives no position.\nDefault for streams: `id`.", "anyOf": [{ "$ref": "#/definitions/PositionPlaces" }, { "type": "string" }] }, "event": { "description": "The name of the event whose data has it. Default for streams: any event.", "type": "string" }, "start": { "description": "The position before the oldest message. Without it, the first request has no position.", "anyOf": [{ "$ref": "#/definitions/PositionParts" }, { "type": "string" }] }, "end": { "description": "The position after the newest message.", "anyOf": [{ "$ref": "#/definitions/PositionParts" }, { "type": "string" }] }, "unknown": { "description": "A position that no feed has.", "anyOf": [{ "$ref": "#/definitions/PositionParts" }, { "type": "string" }] } }, "additionalProperties": false };
var schema62 = { "description": "Named parts of a position.", "type": "object", "additionalProperties": { "type": "string" } };
function validate65(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "from" || key0 === "event" || key0 === "start" || key0 === "end" || key0 === "unknown")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema60, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.from !== void 0) {
      let data0 = data.from;
      const _errs3 = errors;
      let valid1 = false;
      const _errs4 = errors;
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
        for (const key1 in data0) {
          let data1 = data0[key1];
          if (typeof data1 !== "string") {
            const err1 = { instancePath: instancePath + "/from/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/PositionPlaces/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema55.additionalProperties.type, parentSchema: schema55.additionalProperties, data: data1 };
            if (vErrors === null) {
              vErrors = [err1];
            } else {
              vErrors.push(err1);
            }
            errors++;
          }
        }
      } else {
        const err2 = { instancePath: instancePath + "/from", schemaPath: "#/definitions/PositionPlaces/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema55.type, parentSchema: schema55, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      var _valid0 = _errs4 === errors;
      valid1 = valid1 || _valid0;
      if (!valid1) {
        const _errs10 = errors;
        if (typeof data0 !== "string") {
          const err3 = { instancePath: instancePath + "/from", schemaPath: "#/properties/from/anyOf/1/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema60.properties.from.anyOf[1].type, parentSchema: schema60.properties.from.anyOf[1], data: data0 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
        var _valid0 = _errs10 === errors;
        valid1 = valid1 || _valid0;
      }
      if (!valid1) {
        const err4 = { instancePath: instancePath + "/from", schemaPath: "#/properties/from/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf", schema: schema60.properties.from.anyOf, parentSchema: schema60.properties.from, data: data0 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      } else {
        errors = _errs3;
        if (vErrors !== null) {
          if (_errs3) {
            vErrors.length = _errs3;
          } else {
            vErrors = null;
          }
        }
      }
    }
    if (data.event !== void 0) {
      let data2 = data.event;
      if (typeof data2 !== "string") {
        const err5 = { instancePath: instancePath + "/event", schemaPath: "#/properties/event/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema60.properties.event.type, parentSchema: schema60.properties.event, data: data2 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.start !== void 0) {
      let data3 = data.start;
      const _errs15 = errors;
      let valid4 = false;
      const _errs16 = errors;
      if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
        for (const key2 in data3) {
          let data4 = data3[key2];
          if (typeof data4 !== "string") {
            const err6 = { instancePath: instancePath + "/start/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/PositionParts/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema62.additionalProperties.type, parentSchema: schema62.additionalProperties, data: data4 };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
        }
      } else {
        const err7 = { instancePath: instancePath + "/start", schemaPath: "#/definitions/PositionParts/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema62.type, parentSchema: schema62, data: data3 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
      var _valid1 = _errs16 === errors;
      valid4 = valid4 || _valid1;
      if (!valid4) {
        const _errs22 = errors;
        if (typeof data3 !== "string") {
          const err8 = { instancePath: instancePath + "/start", schemaPath: "#/properties/start/anyOf/1/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema60.properties.start.anyOf[1].type, parentSchema: schema60.properties.start.anyOf[1], data: data3 };
          if (vErrors === null) {
            vErrors = [err8];
          } else {
            vErrors.push(err8);
          }
          errors++;
        }
        var _valid1 = _errs22 === errors;
        valid4 = valid4 || _valid1;
      }
      if (!valid4) {
        const err9 = { instancePath: instancePath + "/start", schemaPath: "#/properties/start/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf", schema: schema60.properties.start.anyOf, parentSchema: schema60.properties.start, data: data3 };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      } else {
        errors = _errs15;
        if (vErrors !== null) {
          if (_errs15) {
            vErrors.length = _errs15;
          } else {
            vErrors = null;
          }
        }
      }
    }
    if (data.end !== void 0) {
      let data5 = data.end;
      const _errs25 = errors;
      let valid7 = false;
      const _errs26 = errors;
      if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
        for (const key3 in data5) {
          let data6 = data5[key3];
          if (typeof data6 !== "string") {
            const err10 = { instancePath: instancePath + "/end/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/PositionParts/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema62.additionalProperties.type, parentSchema: schema62.additionalProperties, data: data6 };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
        }
      } else {
        const err11 = { instancePath: instancePath + "/end", schemaPath: "#/definitions/PositionParts/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema62.type, parentSchema: schema62, data: data5 };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
      var _valid2 = _errs26 === errors;
      valid7 = valid7 || _valid2;
      if (!valid7) {
        const _errs32 = errors;
        if (typeof data5 !== "string") {
          const err12 = { instancePath: instancePath + "/end", schemaPath: "#/properties/end/anyOf/1/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema60.properties.end.anyOf[1].type, parentSchema: schema60.properties.end.anyOf[1], data: data5 };
          if (vErrors === null) {
            vErrors = [err12];
          } else {
            vErrors.push(err12);
          }
          errors++;
        }
        var _valid2 = _errs32 === errors;
        valid7 = valid7 || _valid2;
      }
      if (!valid7) {
        const err13 = { instancePath: instancePath + "/end", schemaPath: "#/properties/end/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf", schema: schema60.properties.end.anyOf, parentSchema: schema60.properties.end, data: data5 };
        if (vErrors === null) {
          vErrors = [err13];
        } else {
          vErrors.push(err13);
        }
        errors++;
      } else {
        errors = _errs25;
        if (vErrors !== null) {
          if (_errs25) {
            vErrors.length = _errs25;
          } else {
            vErrors = null;
          }
        }
      }
    }
    if (data.unknown !== void 0) {
      let data7 = data.unknown;
      const _errs35 = errors;
      let valid10 = false;
      const _errs36 = errors;
      if (data7 && typeof data7 == "object" && !Array.isArray(data7)) {
        for (const key4 in data7) {
          let data8 = data7[key4];
          if (typeof data8 !== "string") {
            const err14 = { instancePath: instancePath + "/unknown/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/PositionParts/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema62.additionalProperties.type, parentSchema: schema62.additionalProperties, data: data8 };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
        }
      } else {
        const err15 = { instancePath: instancePath + "/unknown", schemaPath: "#/definitions/PositionParts/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema62.type, parentSchema: schema62, data: data7 };
        if (vErrors === null) {
          vErrors = [err15];
        } else {
          vErrors.push(err15);
        }
        errors++;
      }
      var _valid3 = _errs36 === errors;
      valid10 = valid10 || _valid3;
      if (!valid10) {
        const _errs42 = errors;
        if (typeof data7 !== "string") {
          const err16 = { instancePath: instancePath + "/unknown", schemaPath: "#/properties/unknown/anyOf/1/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema60.properties.unknown.anyOf[1].type, parentSchema: schema60.properties.unknown.anyOf[1], data: data7 };
          if (vErrors === null) {
            vErrors = [err16];
          } else {
            vErrors.push(err16);
          }
          errors++;
        }
        var _valid3 = _errs42 === errors;
        valid10 = valid10 || _valid3;
      }
      if (!valid10) {
        const err17 = { instancePath: instancePath + "/unknown", schemaPath: "#/properties/unknown/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf", schema: schema60.properties.unknown.anyOf, parentSchema: schema60.properties.unknown, data: data7 };
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      } else {
        errors = _errs35;
        if (vErrors !== null) {
          if (_errs35) {
            vErrors.length = _errs35;
          } else {
            vErrors = null;
          }
        }
      }
    }
  } else {
    const err18 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema60.type, parentSchema: schema60, data };
    if (vErrors === null) {
      vErrors = [err18];
    } else {
      vErrors.push(err18);
    }
    errors++;
  }
  validate65.errors = vErrors;
  return errors === 0;
}
var schema65 = { "description": "Where the messages of a response are.", "type": "object", "properties": { "list": { "$ref": "#/definitions/Pointer", "description": "The list of messages in JSON. Without it, the whole body is one message." }, "payload": { "$ref": "#/definitions/Pointer", "description": "The payload in each of them. Default: the whole." }, "position": { "$ref": "#/definitions/Pointer", "description": "The position of each of them, for a position with one part." } }, "additionalProperties": false };
var schema66 = { "description": "A JSON Pointer, such as /results/0; the empty text is the whole document.", "pattern": "^(/.*)?$", "type": "string" };
var pattern19 = new RegExp("^(/.*)?$", "u");
function validate67(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "list" || key0 === "payload" || key0 === "position")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema65, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.list !== void 0) {
      let data0 = data.list;
      if (typeof data0 === "string") {
        if (!pattern19.test(data0)) {
          const err1 = { instancePath: instancePath + "/list", schemaPath: "#/definitions/Pointer/pattern", keyword: "pattern", params: { pattern: "^(/.*)?$" }, message: 'must match pattern "^(/.*)?$"', schema: "^(/.*)?$", parentSchema: schema66, data: data0 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = { instancePath: instancePath + "/list", schemaPath: "#/definitions/Pointer/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema66.type, parentSchema: schema66, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.payload !== void 0) {
      let data1 = data.payload;
      if (typeof data1 === "string") {
        if (!pattern19.test(data1)) {
          const err3 = { instancePath: instancePath + "/payload", schemaPath: "#/definitions/Pointer/pattern", keyword: "pattern", params: { pattern: "^(/.*)?$" }, message: 'must match pattern "^(/.*)?$"', schema: "^(/.*)?$", parentSchema: schema66, data: data1 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/payload", schemaPath: "#/definitions/Pointer/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema66.type, parentSchema: schema66, data: data1 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.position !== void 0) {
      let data2 = data.position;
      if (typeof data2 === "string") {
        if (!pattern19.test(data2)) {
          const err5 = { instancePath: instancePath + "/position", schemaPath: "#/definitions/Pointer/pattern", keyword: "pattern", params: { pattern: "^(/.*)?$" }, message: 'must match pattern "^(/.*)?$"', schema: "^(/.*)?$", parentSchema: schema66, data: data2 };
          if (vErrors === null) {
            vErrors = [err5];
          } else {
            vErrors.push(err5);
          }
          errors++;
        }
      } else {
        const err6 = { instancePath: instancePath + "/position", schemaPath: "#/definitions/Pointer/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema66.type, parentSchema: schema66, data: data2 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
  } else {
    const err7 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema65.type, parentSchema: schema65, data };
    if (vErrors === null) {
      vErrors = [err7];
    } else {
      vErrors.push(err7);
    }
    errors++;
  }
  validate67.errors = vErrors;
  return errors === 0;
}
var schema70 = { "description": "How a response shows something: each part that is given is enough, but `json` with `event` is a place in its data.", "type": "object", "properties": { "status": { "description": "Statuses.", "type": "array", "items": { "type": "number" } }, "header": { "description": "A header field that is present.", "type": "string" }, "json": { "$ref": "#/definitions/Pointer", "description": "A place in JSON that is neither missing, false nor null." }, "event": { "description": "The name of an event of a stream.", "type": "string" } }, "additionalProperties": false };
function validate69(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "status" || key0 === "header" || key0 === "json" || key0 === "event")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema70, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.status !== void 0) {
      let data0 = data.status;
      if (Array.isArray(data0)) {
        const len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data1 = data0[i0];
          if (!(typeof data1 == "number" && isFinite(data1))) {
            const err1 = { instancePath: instancePath + "/status/" + i0, schemaPath: "#/properties/status/items/type", keyword: "type", params: { type: "number" }, message: "must be number", schema: schema70.properties.status.items.type, parentSchema: schema70.properties.status.items, data: data1 };
            if (vErrors === null) {
              vErrors = [err1];
            } else {
              vErrors.push(err1);
            }
            errors++;
          }
        }
      } else {
        const err2 = { instancePath: instancePath + "/status", schemaPath: "#/properties/status/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema70.properties.status.type, parentSchema: schema70.properties.status, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.header !== void 0) {
      let data2 = data.header;
      if (typeof data2 !== "string") {
        const err3 = { instancePath: instancePath + "/header", schemaPath: "#/properties/header/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema70.properties.header.type, parentSchema: schema70.properties.header, data: data2 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.json !== void 0) {
      let data3 = data.json;
      if (typeof data3 === "string") {
        if (!pattern19.test(data3)) {
          const err4 = { instancePath: instancePath + "/json", schemaPath: "#/definitions/Pointer/pattern", keyword: "pattern", params: { pattern: "^(/.*)?$" }, message: 'must match pattern "^(/.*)?$"', schema: "^(/.*)?$", parentSchema: schema66, data: data3 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/json", schemaPath: "#/definitions/Pointer/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema66.type, parentSchema: schema66, data: data3 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.event !== void 0) {
      let data4 = data.event;
      if (typeof data4 !== "string") {
        const err6 = { instancePath: instancePath + "/event", schemaPath: "#/properties/event/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema70.properties.event.type, parentSchema: schema70.properties.event, data: data4 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
  } else {
    const err7 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema70.type, parentSchema: schema70, data };
    if (vErrors === null) {
      vErrors = [err7];
    } else {
      vErrors.push(err7);
    }
    errors++;
  }
  validate69.errors = vErrors;
  return errors === 0;
}
function validate63(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.request === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "request" }, message: "must have required property 'request'", schema: schema59.required, parentSchema: schema59, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "request" || key0 === "position" || key0 === "messages" || key0 === "empty" || key0 === "limit" || key0 === "loss" || key0 === "end")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema59, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.request !== void 0) {
      if (!validate57(data.request, { instancePath: instancePath + "/request", parentData: data, parentDataProperty: "request", rootData })) {
        vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors);
        errors = vErrors.length;
      }
    }
    if (data.position !== void 0) {
      if (!validate65(data.position, { instancePath: instancePath + "/position", parentData: data, parentDataProperty: "position", rootData })) {
        vErrors = vErrors === null ? validate65.errors : vErrors.concat(validate65.errors);
        errors = vErrors.length;
      }
    }
    if (data.messages !== void 0) {
      if (!validate67(data.messages, { instancePath: instancePath + "/messages", parentData: data, parentDataProperty: "messages", rootData })) {
        vErrors = vErrors === null ? validate67.errors : vErrors.concat(validate67.errors);
        errors = vErrors.length;
      }
    }
    if (data.empty !== void 0) {
      let data3 = data.empty;
      if (Array.isArray(data3)) {
        const len0 = data3.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data4 = data3[i0];
          if (!(typeof data4 == "number" && isFinite(data4))) {
            const err2 = { instancePath: instancePath + "/empty/" + i0, schemaPath: "#/properties/empty/items/type", keyword: "type", params: { type: "number" }, message: "must be number", schema: schema59.properties.empty.items.type, parentSchema: schema59.properties.empty.items, data: data4 };
            if (vErrors === null) {
              vErrors = [err2];
            } else {
              vErrors.push(err2);
            }
            errors++;
          }
        }
      } else {
        const err3 = { instancePath: instancePath + "/empty", schemaPath: "#/properties/empty/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema59.properties.empty.type, parentSchema: schema59.properties.empty, data: data3 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.limit !== void 0) {
      let data5 = data.limit;
      if (typeof data5 === "string") {
        if (!pattern2.test(data5)) {
          const err4 = { instancePath: instancePath + "/limit", schemaPath: "#/definitions/Duration/pattern", keyword: "pattern", params: { pattern: "^\\d+(\\.\\d+)?(ms|s|m)$" }, message: 'must match pattern "^\\d+(\\.\\d+)?(ms|s|m)$"', schema: "^\\d+(\\.\\d+)?(ms|s|m)$", parentSchema: schema69, data: data5 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/limit", schemaPath: "#/definitions/Duration/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema69.type, parentSchema: schema69, data: data5 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.loss !== void 0) {
      if (!validate69(data.loss, { instancePath: instancePath + "/loss", parentData: data, parentDataProperty: "loss", rootData })) {
        vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors);
        errors = vErrors.length;
      }
    }
    if (data.end !== void 0) {
      if (!validate69(data.end, { instancePath: instancePath + "/end", parentData: data, parentDataProperty: "end", rootData })) {
        vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err6 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema59.type, parentSchema: schema59, data };
    if (vErrors === null) {
      vErrors = [err6];
    } else {
      vErrors.push(err6);
    }
    errors++;
  }
  validate63.errors = vErrors;
  return errors === 0;
}
var schema72 = { "description": "Reading a stream of events.", "type": "object", "properties": { "request": { "$ref": "#/definitions/RequestTemplate" }, "position": { "$ref": "#/definitions/PositionConfig" }, "messages": { "$ref": "#/definitions/StreamMessages" }, "readers": { "description": "How many readers a feed can have. Default: any number.", "type": "number" }, "loss": { "$ref": "#/definitions/Sign" }, "end": { "$ref": "#/definitions/Sign" } }, "additionalProperties": false, "required": ["request"] };
var schema73 = { "description": "Where the messages of a stream are.", "type": "object", "properties": { "event": { "description": "The name of their events. Default: any.", "type": "string" }, "except": { "description": "The names of events that are no messages.", "type": "array", "items": { "type": "string" } }, "payload": { "$ref": "#/definitions/Pointer", "description": "The payload in the JSON of the data. Default: the data." }, "each": { "$ref": "#/definitions/Pointer", "description": "The data is a list in JSON, and each item is a message." } }, "additionalProperties": false };
function validate77(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "event" || key0 === "except" || key0 === "payload" || key0 === "each")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema73, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.event !== void 0) {
      let data0 = data.event;
      if (typeof data0 !== "string") {
        const err1 = { instancePath: instancePath + "/event", schemaPath: "#/properties/event/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema73.properties.event.type, parentSchema: schema73.properties.event, data: data0 };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.except !== void 0) {
      let data1 = data.except;
      if (Array.isArray(data1)) {
        const len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data2 = data1[i0];
          if (typeof data2 !== "string") {
            const err2 = { instancePath: instancePath + "/except/" + i0, schemaPath: "#/properties/except/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema73.properties.except.items.type, parentSchema: schema73.properties.except.items, data: data2 };
            if (vErrors === null) {
              vErrors = [err2];
            } else {
              vErrors.push(err2);
            }
            errors++;
          }
        }
      } else {
        const err3 = { instancePath: instancePath + "/except", schemaPath: "#/properties/except/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema73.properties.except.type, parentSchema: schema73.properties.except, data: data1 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.payload !== void 0) {
      let data3 = data.payload;
      if (typeof data3 === "string") {
        if (!pattern19.test(data3)) {
          const err4 = { instancePath: instancePath + "/payload", schemaPath: "#/definitions/Pointer/pattern", keyword: "pattern", params: { pattern: "^(/.*)?$" }, message: 'must match pattern "^(/.*)?$"', schema: "^(/.*)?$", parentSchema: schema66, data: data3 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/payload", schemaPath: "#/definitions/Pointer/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema66.type, parentSchema: schema66, data: data3 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.each !== void 0) {
      let data4 = data.each;
      if (typeof data4 === "string") {
        if (!pattern19.test(data4)) {
          const err6 = { instancePath: instancePath + "/each", schemaPath: "#/definitions/Pointer/pattern", keyword: "pattern", params: { pattern: "^(/.*)?$" }, message: 'must match pattern "^(/.*)?$"', schema: "^(/.*)?$", parentSchema: schema66, data: data4 };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
      } else {
        const err7 = { instancePath: instancePath + "/each", schemaPath: "#/definitions/Pointer/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema66.type, parentSchema: schema66, data: data4 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
  } else {
    const err8 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema73.type, parentSchema: schema73, data };
    if (vErrors === null) {
      vErrors = [err8];
    } else {
      vErrors.push(err8);
    }
    errors++;
  }
  validate77.errors = vErrors;
  return errors === 0;
}
function validate74(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.request === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "request" }, message: "must have required property 'request'", schema: schema72.required, parentSchema: schema72, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "request" || key0 === "position" || key0 === "messages" || key0 === "readers" || key0 === "loss" || key0 === "end")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema72, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.request !== void 0) {
      if (!validate57(data.request, { instancePath: instancePath + "/request", parentData: data, parentDataProperty: "request", rootData })) {
        vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors);
        errors = vErrors.length;
      }
    }
    if (data.position !== void 0) {
      if (!validate65(data.position, { instancePath: instancePath + "/position", parentData: data, parentDataProperty: "position", rootData })) {
        vErrors = vErrors === null ? validate65.errors : vErrors.concat(validate65.errors);
        errors = vErrors.length;
      }
    }
    if (data.messages !== void 0) {
      if (!validate77(data.messages, { instancePath: instancePath + "/messages", parentData: data, parentDataProperty: "messages", rootData })) {
        vErrors = vErrors === null ? validate77.errors : vErrors.concat(validate77.errors);
        errors = vErrors.length;
      }
    }
    if (data.readers !== void 0) {
      let data3 = data.readers;
      if (!(typeof data3 == "number" && isFinite(data3))) {
        const err2 = { instancePath: instancePath + "/readers", schemaPath: "#/properties/readers/type", keyword: "type", params: { type: "number" }, message: "must be number", schema: schema72.properties.readers.type, parentSchema: schema72.properties.readers, data: data3 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.loss !== void 0) {
      if (!validate69(data.loss, { instancePath: instancePath + "/loss", parentData: data, parentDataProperty: "loss", rootData })) {
        vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors);
        errors = vErrors.length;
      }
    }
    if (data.end !== void 0) {
      if (!validate69(data.end, { instancePath: instancePath + "/end", parentData: data, parentDataProperty: "end", rootData })) {
        vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err3 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema72.type, parentSchema: schema72, data };
    if (vErrors === null) {
      vErrors = [err3];
    } else {
      vErrors.push(err3);
    }
    errors++;
  }
  validate74.errors = vErrors;
  return errors === 0;
}
function validate54(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  ;
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.source === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "source" }, message: "must have required property 'source'", schema: schema53.required, parentSchema: schema53, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.title === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "title" }, message: "must have required property 'title'", schema: schema53.required, parentSchema: schema53, data };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func2.call(schema53.properties, key0)) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema53, data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.title !== void 0) {
      let data0 = data.title;
      if (typeof data0 !== "string") {
        const err3 = { instancePath: instancePath + "/title", schemaPath: "#/properties/title/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema53.properties.title.type, parentSchema: schema53.properties.title, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.source !== void 0) {
      let data1 = data.source;
      if (typeof data1 === "string") {
        if (!pattern18.test(data1)) {
          const err4 = { instancePath: instancePath + "/source", schemaPath: "#/properties/source/pattern", keyword: "pattern", params: { pattern: "^(https?://\\S+|spec/\\S+|.*README.*)$" }, message: 'must match pattern "^(https?://\\S+|spec/\\S+|.*README.*)$"', schema: "^(https?://\\S+|spec/\\S+|.*README.*)$", parentSchema: schema53.properties.source, data: data1 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/source", schemaPath: "#/properties/source/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema53.properties.source.type, parentSchema: schema53.properties.source, data: data1 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.tested !== void 0) {
      let data2 = data.tested;
      if (typeof data2 !== "string") {
        const err6 = { instancePath: instancePath + "/tested", schemaPath: "#/properties/tested/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema53.properties.tested.type, parentSchema: schema53.properties.tested, data: data2 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.setup !== void 0) {
      let data3 = data.setup;
      if (Array.isArray(data3)) {
        const len0 = data3.length;
        for (let i0 = 0; i0 < len0; i0++) {
          if (!validate55(data3[i0], { instancePath: instancePath + "/setup/" + i0, parentData: data3, parentDataProperty: i0, rootData })) {
            vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err7 = { instancePath: instancePath + "/setup", schemaPath: "#/properties/setup/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema53.properties.setup.type, parentSchema: schema53.properties.setup, data: data3 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.publish !== void 0) {
      if (!validate57(data.publish, { instancePath: instancePath + "/publish", parentData: data, parentDataProperty: "publish", rootData })) {
        vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors);
        errors = vErrors.length;
      }
    }
    if (data.batch !== void 0) {
      if (!validate57(data.batch, { instancePath: instancePath + "/batch", parentData: data, parentDataProperty: "batch", rootData })) {
        vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors);
        errors = vErrors.length;
      }
    }
    if (data.payload !== void 0) {
      let data7 = data.payload;
      if (typeof data7 !== "string") {
        const err8 = { instancePath: instancePath + "/payload", schemaPath: "#/properties/payload/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema53.properties.payload.type, parentSchema: schema53.properties.payload, data: data7 };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
      if (!(data7 === "json" || data7 === "text")) {
        const err9 = { instancePath: instancePath + "/payload", schemaPath: "#/properties/payload/enum", keyword: "enum", params: { allowedValues: schema53.properties.payload.enum }, message: "must be equal to one of the allowed values", schema: schema53.properties.payload.enum, parentSchema: schema53.properties.payload, data: data7 };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    if (data.close !== void 0) {
      if (!validate57(data.close, { instancePath: instancePath + "/close", parentData: data, parentDataProperty: "close", rootData })) {
        vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors);
        errors = vErrors.length;
      }
    }
    if (data.trim !== void 0) {
      if (!validate57(data.trim, { instancePath: instancePath + "/trim", parentData: data, parentDataProperty: "trim", rootData })) {
        vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors);
        errors = vErrors.length;
      }
    }
    if (data.remove !== void 0) {
      if (!validate57(data.remove, { instancePath: instancePath + "/remove", parentData: data, parentDataProperty: "remove", rootData })) {
        vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors);
        errors = vErrors.length;
      }
    }
    if (data.keeps !== void 0) {
      let data11 = data.keeps;
      if (!(typeof data11 == "number" && (!(data11 % 1) && !isNaN(data11)) && isFinite(data11))) {
        const err10 = { instancePath: instancePath + "/keeps", schemaPath: "#/properties/keeps/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema53.properties.keeps.type, parentSchema: schema53.properties.keeps, data: data11 };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
      if (typeof data11 == "number" && isFinite(data11)) {
        if (data11 < 1 || isNaN(data11)) {
          const err11 = { instancePath: instancePath + "/keeps", schemaPath: "#/properties/keeps/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema53.properties.keeps, data: data11 };
          if (vErrors === null) {
            vErrors = [err11];
          } else {
            vErrors.push(err11);
          }
          errors++;
        }
      }
    }
    if (data.poll !== void 0) {
      if (!validate63(data.poll, { instancePath: instancePath + "/poll", parentData: data, parentDataProperty: "poll", rootData })) {
        vErrors = vErrors === null ? validate63.errors : vErrors.concat(validate63.errors);
        errors = vErrors.length;
      }
    }
    if (data["long-poll"] !== void 0) {
      if (!validate63(data["long-poll"], { instancePath: instancePath + "/long-poll", parentData: data, parentDataProperty: "long-poll", rootData })) {
        vErrors = vErrors === null ? validate63.errors : vErrors.concat(validate63.errors);
        errors = vErrors.length;
      }
    }
    if (data.sse !== void 0) {
      if (!validate74(data.sse, { instancePath: instancePath + "/sse", parentData: data, parentDataProperty: "sse", rootData })) {
        vErrors = vErrors === null ? validate74.errors : vErrors.concat(validate74.errors);
        errors = vErrors.length;
      }
    }
    if (data.promises !== void 0) {
      let data15 = data.promises;
      if (data15 && typeof data15 == "object" && !Array.isArray(data15)) {
        for (const key1 in data15) {
          if (!func2.call(schema76.properties, key1)) {
            const err12 = { instancePath: instancePath + "/promises", schemaPath: "#/definitions/DeliveryPromises/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema76, data: data15 };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
        }
        if (data15.delivery !== void 0) {
          let data16 = data15.delivery;
          if (typeof data16 !== "string") {
            const err13 = { instancePath: instancePath + "/promises/delivery", schemaPath: "#/definitions/DeliveryPromises/properties/delivery/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema76.properties.delivery.type, parentSchema: schema76.properties.delivery, data: data16 };
            if (vErrors === null) {
              vErrors = [err13];
            } else {
              vErrors.push(err13);
            }
            errors++;
          }
          if ("every" !== data16) {
            const err14 = { instancePath: instancePath + "/promises/delivery", schemaPath: "#/definitions/DeliveryPromises/properties/delivery/const", keyword: "const", params: { allowedValue: "every" }, message: "must be equal to constant", schema: "every", parentSchema: schema76.properties.delivery, data: data16 };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
        }
        if (data15.order !== void 0) {
          let data17 = data15.order;
          if (typeof data17 !== "string") {
            const err15 = { instancePath: instancePath + "/promises/order", schemaPath: "#/definitions/DeliveryPromises/properties/order/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema76.properties.order.type, parentSchema: schema76.properties.order, data: data17 };
            if (vErrors === null) {
              vErrors = [err15];
            } else {
              vErrors.push(err15);
            }
            errors++;
          }
          if ("one" !== data17) {
            const err16 = { instancePath: instancePath + "/promises/order", schemaPath: "#/definitions/DeliveryPromises/properties/order/const", keyword: "const", params: { allowedValue: "one" }, message: "must be equal to constant", schema: "one", parentSchema: schema76.properties.order, data: data17 };
            if (vErrors === null) {
              vErrors = [err16];
            } else {
              vErrors.push(err16);
            }
            errors++;
          }
        }
        if (data15.start !== void 0) {
          let data18 = data15.start;
          if (typeof data18 !== "string") {
            const err17 = { instancePath: instancePath + "/promises/start", schemaPath: "#/definitions/DeliveryPromises/properties/start/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema76.properties.start.type, parentSchema: schema76.properties.start, data: data18 };
            if (vErrors === null) {
              vErrors = [err17];
            } else {
              vErrors.push(err17);
            }
            errors++;
          }
          if ("oldest" !== data18) {
            const err18 = { instancePath: instancePath + "/promises/start", schemaPath: "#/definitions/DeliveryPromises/properties/start/const", keyword: "const", params: { allowedValue: "oldest" }, message: "must be equal to constant", schema: "oldest", parentSchema: schema76.properties.start, data: data18 };
            if (vErrors === null) {
              vErrors = [err18];
            } else {
              vErrors.push(err18);
            }
            errors++;
          }
        }
        if (data15.resume !== void 0) {
          let data19 = data15.resume;
          if (typeof data19 !== "string") {
            const err19 = { instancePath: instancePath + "/promises/resume", schemaPath: "#/definitions/DeliveryPromises/properties/resume/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema76.properties.resume.type, parentSchema: schema76.properties.resume, data: data19 };
            if (vErrors === null) {
              vErrors = [err19];
            } else {
              vErrors.push(err19);
            }
            errors++;
          }
          if (!(data19 === "batch" || data19 === "exact" || data19 === "none")) {
            const err20 = { instancePath: instancePath + "/promises/resume", schemaPath: "#/definitions/DeliveryPromises/properties/resume/enum", keyword: "enum", params: { allowedValues: schema76.properties.resume.enum }, message: "must be equal to one of the allowed values", schema: schema76.properties.resume.enum, parentSchema: schema76.properties.resume, data: data19 };
            if (vErrors === null) {
              vErrors = [err20];
            } else {
              vErrors.push(err20);
            }
            errors++;
          }
        }
        if (data15.positions !== void 0) {
          let data20 = data15.positions;
          if (typeof data20 !== "string") {
            const err21 = { instancePath: instancePath + "/promises/positions", schemaPath: "#/definitions/DeliveryPromises/properties/positions/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema76.properties.positions.type, parentSchema: schema76.properties.positions, data: data20 };
            if (vErrors === null) {
              vErrors = [err21];
            } else {
              vErrors.push(err21);
            }
            errors++;
          }
          if ("shared" !== data20) {
            const err22 = { instancePath: instancePath + "/promises/positions", schemaPath: "#/definitions/DeliveryPromises/properties/positions/const", keyword: "const", params: { allowedValue: "shared" }, message: "must be equal to constant", schema: "shared", parentSchema: schema76.properties.positions, data: data20 };
            if (vErrors === null) {
              vErrors = [err22];
            } else {
              vErrors.push(err22);
            }
            errors++;
          }
        }
        if (data15.restart !== void 0) {
          let data21 = data15.restart;
          if (typeof data21 !== "string") {
            const err23 = { instancePath: instancePath + "/promises/restart", schemaPath: "#/definitions/DeliveryPromises/properties/restart/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema76.properties.restart.type, parentSchema: schema76.properties.restart, data: data21 };
            if (vErrors === null) {
              vErrors = [err23];
            } else {
              vErrors.push(err23);
            }
            errors++;
          }
          if ("safe" !== data21) {
            const err24 = { instancePath: instancePath + "/promises/restart", schemaPath: "#/definitions/DeliveryPromises/properties/restart/const", keyword: "const", params: { allowedValue: "safe" }, message: "must be equal to constant", schema: "safe", parentSchema: schema76.properties.restart, data: data21 };
            if (vErrors === null) {
              vErrors = [err24];
            } else {
              vErrors.push(err24);
            }
            errors++;
          }
        }
        if (data15["unknown-position"] !== void 0) {
          let data22 = data15["unknown-position"];
          if (typeof data22 !== "string") {
            const err25 = { instancePath: instancePath + "/promises/unknown-position", schemaPath: "#/definitions/DeliveryPromises/properties/unknown-position/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema76.properties["unknown-position"].type, parentSchema: schema76.properties["unknown-position"], data: data22 };
            if (vErrors === null) {
              vErrors = [err25];
            } else {
              vErrors.push(err25);
            }
            errors++;
          }
          if ("reported" !== data22) {
            const err26 = { instancePath: instancePath + "/promises/unknown-position", schemaPath: "#/definitions/DeliveryPromises/properties/unknown-position/const", keyword: "const", params: { allowedValue: "reported" }, message: "must be equal to constant", schema: "reported", parentSchema: schema76.properties["unknown-position"], data: data22 };
            if (vErrors === null) {
              vErrors = [err26];
            } else {
              vErrors.push(err26);
            }
            errors++;
          }
        }
        if (data15["lost-history"] !== void 0) {
          let data23 = data15["lost-history"];
          if (typeof data23 !== "string") {
            const err27 = { instancePath: instancePath + "/promises/lost-history", schemaPath: "#/definitions/DeliveryPromises/properties/lost-history/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema76.properties["lost-history"].type, parentSchema: schema76.properties["lost-history"], data: data23 };
            if (vErrors === null) {
              vErrors = [err27];
            } else {
              vErrors.push(err27);
            }
            errors++;
          }
          if ("reported" !== data23) {
            const err28 = { instancePath: instancePath + "/promises/lost-history", schemaPath: "#/definitions/DeliveryPromises/properties/lost-history/const", keyword: "const", params: { allowedValue: "reported" }, message: "must be equal to constant", schema: "reported", parentSchema: schema76.properties["lost-history"], data: data23 };
            if (vErrors === null) {
              vErrors = [err28];
            } else {
              vErrors.push(err28);
            }
            errors++;
          }
        }
        if (data15.end !== void 0) {
          let data24 = data15.end;
          if (typeof data24 !== "string") {
            const err29 = { instancePath: instancePath + "/promises/end", schemaPath: "#/definitions/DeliveryPromises/properties/end/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema76.properties.end.type, parentSchema: schema76.properties.end, data: data24 };
            if (vErrors === null) {
              vErrors = [err29];
            } else {
              vErrors.push(err29);
            }
            errors++;
          }
          if ("reported" !== data24) {
            const err30 = { instancePath: instancePath + "/promises/end", schemaPath: "#/definitions/DeliveryPromises/properties/end/const", keyword: "const", params: { allowedValue: "reported" }, message: "must be equal to constant", schema: "reported", parentSchema: schema76.properties.end, data: data24 };
            if (vErrors === null) {
              vErrors = [err30];
            } else {
              vErrors.push(err30);
            }
            errors++;
          }
        }
        if (data15.isolation !== void 0) {
          let data25 = data15.isolation;
          if (typeof data25 !== "string") {
            const err31 = { instancePath: instancePath + "/promises/isolation", schemaPath: "#/definitions/DeliveryPromises/properties/isolation/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema76.properties.isolation.type, parentSchema: schema76.properties.isolation, data: data25 };
            if (vErrors === null) {
              vErrors = [err31];
            } else {
              vErrors.push(err31);
            }
            errors++;
          }
          if ("feed" !== data25) {
            const err32 = { instancePath: instancePath + "/promises/isolation", schemaPath: "#/definitions/DeliveryPromises/properties/isolation/const", keyword: "const", params: { allowedValue: "feed" }, message: "must be equal to constant", schema: "feed", parentSchema: schema76.properties.isolation, data: data25 };
            if (vErrors === null) {
              vErrors = [err32];
            } else {
              vErrors.push(err32);
            }
            errors++;
          }
        }
      } else {
        const err33 = { instancePath: instancePath + "/promises", schemaPath: "#/definitions/DeliveryPromises/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema76.type, parentSchema: schema76, data: data15 };
        if (vErrors === null) {
          vErrors = [err33];
        } else {
          vErrors.push(err33);
        }
        errors++;
      }
    }
    if (data.module !== void 0) {
      let data26 = data.module;
      if (typeof data26 !== "string") {
        const err34 = { instancePath: instancePath + "/module", schemaPath: "#/properties/module/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema53.properties.module.type, parentSchema: schema53.properties.module, data: data26 };
        if (vErrors === null) {
          vErrors = [err34];
        } else {
          vErrors.push(err34);
        }
        errors++;
      }
    }
  } else {
    const err35 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema53.type, parentSchema: schema53, data };
    if (vErrors === null) {
      vErrors = [err35];
    } else {
      vErrors.push(err35);
    }
    errors++;
  }
  validate54.errors = vErrors;
  return errors === 0;
}
var validateBaseline = validate82;
var schema77 = { "$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://tidemark.example/schemas/conformance/baseline.json", "title": "baseline", "description": "The known failures of a target.", "type": "array", "items": { "$ref": "#/definitions/KnownFailure" }, "definitions": { "KnownFailure": { "description": "A known failure. It does not count as a violation until its last day is over, or until the test passes.", "type": "object", "properties": { "test": { "description": "The test's id.", "type": "string" }, "reason": { "description": "Why it fails, in words.", "minLength": 1, "type": "string" }, "issue": { "description": "A link to the issue.", "type": "string" }, "until": { "$ref": "#/definitions/Day", "description": "The last day on which it may fail." } }, "additionalProperties": false, "required": ["reason", "test"] }, "Day": { "description": "A day, as 2026-12-31.", "pattern": "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$", "type": "string" } } };
var schema78 = { "description": "A known failure. It does not count as a violation until its last day is over, or until the test passes.", "type": "object", "properties": { "test": { "description": "The test's id.", "type": "string" }, "reason": { "description": "Why it fails, in words.", "minLength": 1, "type": "string" }, "issue": { "description": "A link to the issue.", "type": "string" }, "until": { "$ref": "#/definitions/Day", "description": "The last day on which it may fail." } }, "additionalProperties": false, "required": ["reason", "test"] };
var schema79 = { "description": "A day, as 2026-12-31.", "pattern": "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$", "type": "string" };
var func7 = require_ucs2length().default;
var pattern26 = new RegExp("^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$", "u");
function validate83(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.reason === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "reason" }, message: "must have required property 'reason'", schema: schema78.required, parentSchema: schema78, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.test === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "test" }, message: "must have required property 'test'", schema: schema78.required, parentSchema: schema78, data };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "test" || key0 === "reason" || key0 === "issue" || key0 === "until")) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema78, data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.test !== void 0) {
      let data0 = data.test;
      if (typeof data0 !== "string") {
        const err3 = { instancePath: instancePath + "/test", schemaPath: "#/properties/test/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema78.properties.test.type, parentSchema: schema78.properties.test, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.reason !== void 0) {
      let data1 = data.reason;
      if (typeof data1 === "string") {
        if (func7(data1) < 1) {
          const err4 = { instancePath: instancePath + "/reason", schemaPath: "#/properties/reason/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema78.properties.reason, data: data1 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/reason", schemaPath: "#/properties/reason/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema78.properties.reason.type, parentSchema: schema78.properties.reason, data: data1 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.issue !== void 0) {
      let data2 = data.issue;
      if (typeof data2 !== "string") {
        const err6 = { instancePath: instancePath + "/issue", schemaPath: "#/properties/issue/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema78.properties.issue.type, parentSchema: schema78.properties.issue, data: data2 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.until !== void 0) {
      let data3 = data.until;
      if (typeof data3 === "string") {
        if (!pattern26.test(data3)) {
          const err7 = { instancePath: instancePath + "/until", schemaPath: "#/definitions/Day/pattern", keyword: "pattern", params: { pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$" }, message: 'must match pattern "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$"', schema: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$", parentSchema: schema79, data: data3 };
          if (vErrors === null) {
            vErrors = [err7];
          } else {
            vErrors.push(err7);
          }
          errors++;
        }
      } else {
        const err8 = { instancePath: instancePath + "/until", schemaPath: "#/definitions/Day/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema79.type, parentSchema: schema79, data: data3 };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
  } else {
    const err9 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema78.type, parentSchema: schema78, data };
    if (vErrors === null) {
      vErrors = [err9];
    } else {
      vErrors.push(err9);
    }
    errors++;
  }
  validate83.errors = vErrors;
  return errors === 0;
}
function validate82(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  ;
  let vErrors = null;
  let errors = 0;
  if (Array.isArray(data)) {
    const len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++) {
      if (!validate83(data[i0], { instancePath: instancePath + "/" + i0, parentData: data, parentDataProperty: i0, rootData })) {
        vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema77.type, parentSchema: schema77, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  validate82.errors = vErrors;
  return errors === 0;
}
var validateTold = validate96;
var schema81 = { "type": "object", "discriminator": { "propertyName": "type" }, "required": ["type"], "oneOf": [{ "$ref": "#/definitions/Hello" }, { "$ref": "#/definitions/Delivered" }, { "$ref": "#/definitions/Gap" }, { "$ref": "#/definitions/Error" }, { "$ref": "#/definitions/Done" }, { "$ref": "#/definitions/Published" }, { "$ref": "#/definitions/Unsupported" }] };
var schema85 = { "type": "object", "required": ["type", "id", "n", "data"], "properties": { "type": { "const": "message" }, "id": { "type": "string" }, "n": { "type": "integer", "minimum": 1 }, "data": {}, "event": { "type": "string" }, "cursor": { "type": "string" } } };
var schema86 = { "type": "object", "required": ["type", "id"], "properties": { "type": { "const": "gap" }, "id": { "type": "string" }, "reason": { "type": "string" } } };
var schema87 = { "type": "object", "required": ["type", "id", "terminal"], "properties": { "type": { "const": "error" }, "id": { "type": "string" }, "terminal": { "type": "boolean" }, "status": { "type": "integer" }, "detail": { "type": "string" } } };
var schema88 = { "type": "object", "required": ["type", "id"], "properties": { "type": { "const": "done" }, "id": { "type": "string" } } };
var schema89 = { "type": "object", "required": ["type", "id"], "properties": { "type": { "const": "published" }, "id": { "type": "string" } } };
var schema90 = { "type": "object", "required": ["type", "id"], "properties": { "type": { "const": "unsupported" }, "id": { "type": "string" }, "detail": { "type": "string" } } };
var schema82 = { "type": "object", "required": ["type", "contract", "name", "version", "language", "mechanisms", "capabilities"], "properties": { "type": { "const": "hello" }, "contract": { "type": "integer" }, "name": { "type": "string", "minLength": 1 }, "version": { "type": "string" }, "language": { "type": "string" }, "mechanisms": { "type": "array", "minItems": 1, "items": { "$ref": "#/definitions/Mechanism" } }, "capabilities": { "type": "array", "items": { "$ref": "#/definitions/Capability" } } } };
var schema83 = { "enum": ["poll", "long-poll", "sse", "auto", "event-stream"] };
var schema84 = { "enum": ["after", "headers", "credentials", "gap-choice", "store", "publish", "publish-without-key", "post", "silence"] };
function validate87(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.type === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "type" }, message: "must have required property 'type'", schema: schema82.required, parentSchema: schema82, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.contract === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "contract" }, message: "must have required property 'contract'", schema: schema82.required, parentSchema: schema82, data };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.name === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'", schema: schema82.required, parentSchema: schema82, data };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    if (data.version === void 0) {
      const err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "version" }, message: "must have required property 'version'", schema: schema82.required, parentSchema: schema82, data };
      if (vErrors === null) {
        vErrors = [err3];
      } else {
        vErrors.push(err3);
      }
      errors++;
    }
    if (data.language === void 0) {
      const err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "language" }, message: "must have required property 'language'", schema: schema82.required, parentSchema: schema82, data };
      if (vErrors === null) {
        vErrors = [err4];
      } else {
        vErrors.push(err4);
      }
      errors++;
    }
    if (data.mechanisms === void 0) {
      const err5 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "mechanisms" }, message: "must have required property 'mechanisms'", schema: schema82.required, parentSchema: schema82, data };
      if (vErrors === null) {
        vErrors = [err5];
      } else {
        vErrors.push(err5);
      }
      errors++;
    }
    if (data.capabilities === void 0) {
      const err6 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "capabilities" }, message: "must have required property 'capabilities'", schema: schema82.required, parentSchema: schema82, data };
      if (vErrors === null) {
        vErrors = [err6];
      } else {
        vErrors.push(err6);
      }
      errors++;
    }
    if (data.type !== void 0) {
      let data0 = data.type;
      if ("hello" !== data0) {
        const err7 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/const", keyword: "const", params: { allowedValue: "hello" }, message: "must be equal to constant", schema: "hello", parentSchema: schema82.properties.type, data: data0 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.contract !== void 0) {
      let data1 = data.contract;
      if (!(typeof data1 == "number" && (!(data1 % 1) && !isNaN(data1)) && isFinite(data1))) {
        const err8 = { instancePath: instancePath + "/contract", schemaPath: "#/properties/contract/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema82.properties.contract.type, parentSchema: schema82.properties.contract, data: data1 };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.name !== void 0) {
      let data2 = data.name;
      if (typeof data2 === "string") {
        if (func7(data2) < 1) {
          const err9 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema82.properties.name, data: data2 };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
      } else {
        const err10 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema82.properties.name.type, parentSchema: schema82.properties.name, data: data2 };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
    }
    if (data.version !== void 0) {
      let data3 = data.version;
      if (typeof data3 !== "string") {
        const err11 = { instancePath: instancePath + "/version", schemaPath: "#/properties/version/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema82.properties.version.type, parentSchema: schema82.properties.version, data: data3 };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
    if (data.language !== void 0) {
      let data4 = data.language;
      if (typeof data4 !== "string") {
        const err12 = { instancePath: instancePath + "/language", schemaPath: "#/properties/language/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema82.properties.language.type, parentSchema: schema82.properties.language, data: data4 };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
    if (data.mechanisms !== void 0) {
      let data5 = data.mechanisms;
      if (Array.isArray(data5)) {
        if (data5.length < 1) {
          const err13 = { instancePath: instancePath + "/mechanisms", schemaPath: "#/properties/mechanisms/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema82.properties.mechanisms, data: data5 };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
        const len0 = data5.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data6 = data5[i0];
          if (!(data6 === "poll" || data6 === "long-poll" || data6 === "sse" || data6 === "auto" || data6 === "event-stream")) {
            const err14 = { instancePath: instancePath + "/mechanisms/" + i0, schemaPath: "#/definitions/Mechanism/enum", keyword: "enum", params: { allowedValues: schema83.enum }, message: "must be equal to one of the allowed values", schema: schema83.enum, parentSchema: schema83, data: data6 };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
        }
      } else {
        const err15 = { instancePath: instancePath + "/mechanisms", schemaPath: "#/properties/mechanisms/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema82.properties.mechanisms.type, parentSchema: schema82.properties.mechanisms, data: data5 };
        if (vErrors === null) {
          vErrors = [err15];
        } else {
          vErrors.push(err15);
        }
        errors++;
      }
    }
    if (data.capabilities !== void 0) {
      let data7 = data.capabilities;
      if (Array.isArray(data7)) {
        const len1 = data7.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data8 = data7[i1];
          if (!(data8 === "after" || data8 === "headers" || data8 === "credentials" || data8 === "gap-choice" || data8 === "store" || data8 === "publish" || data8 === "publish-without-key" || data8 === "post" || data8 === "silence")) {
            const err16 = { instancePath: instancePath + "/capabilities/" + i1, schemaPath: "#/definitions/Capability/enum", keyword: "enum", params: { allowedValues: schema84.enum }, message: "must be equal to one of the allowed values", schema: schema84.enum, parentSchema: schema84, data: data8 };
            if (vErrors === null) {
              vErrors = [err16];
            } else {
              vErrors.push(err16);
            }
            errors++;
          }
        }
      } else {
        const err17 = { instancePath: instancePath + "/capabilities", schemaPath: "#/properties/capabilities/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema82.properties.capabilities.type, parentSchema: schema82.properties.capabilities, data: data7 };
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      }
    }
  } else {
    const err18 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema82.type, parentSchema: schema82, data };
    if (vErrors === null) {
      vErrors = [err18];
    } else {
      vErrors.push(err18);
    }
    errors++;
  }
  validate87.errors = vErrors;
  return errors === 0;
}
function validate96(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.type === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "type" }, message: "must have required property 'type'", schema: schema81.required, parentSchema: schema81, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    const tag0 = data.type;
    if (typeof tag0 == "string") {
      if (tag0 === "hello") {
        if (!validate87(data, { instancePath, parentData, parentDataProperty, rootData })) {
          vErrors = vErrors === null ? validate87.errors : vErrors.concat(validate87.errors);
          errors = vErrors.length;
        }
      } else if (tag0 === "message") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.type === void 0) {
            const err1 = { instancePath, schemaPath: "#/definitions/Delivered/required", keyword: "required", params: { missingProperty: "type" }, message: "must have required property 'type'", schema: schema85.required, parentSchema: schema85, data };
            if (vErrors === null) {
              vErrors = [err1];
            } else {
              vErrors.push(err1);
            }
            errors++;
          }
          if (data.id === void 0) {
            const err2 = { instancePath, schemaPath: "#/definitions/Delivered/required", keyword: "required", params: { missingProperty: "id" }, message: "must have required property 'id'", schema: schema85.required, parentSchema: schema85, data };
            if (vErrors === null) {
              vErrors = [err2];
            } else {
              vErrors.push(err2);
            }
            errors++;
          }
          if (data.n === void 0) {
            const err3 = { instancePath, schemaPath: "#/definitions/Delivered/required", keyword: "required", params: { missingProperty: "n" }, message: "must have required property 'n'", schema: schema85.required, parentSchema: schema85, data };
            if (vErrors === null) {
              vErrors = [err3];
            } else {
              vErrors.push(err3);
            }
            errors++;
          }
          if (data.data === void 0) {
            const err4 = { instancePath, schemaPath: "#/definitions/Delivered/required", keyword: "required", params: { missingProperty: "data" }, message: "must have required property 'data'", schema: schema85.required, parentSchema: schema85, data };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
          if (data.type !== void 0) {
            let data0 = data.type;
            if ("message" !== data0) {
              const err5 = { instancePath: instancePath + "/type", schemaPath: "#/definitions/Delivered/properties/type/const", keyword: "const", params: { allowedValue: "message" }, message: "must be equal to constant", schema: "message", parentSchema: schema85.properties.type, data: data0 };
              if (vErrors === null) {
                vErrors = [err5];
              } else {
                vErrors.push(err5);
              }
              errors++;
            }
          }
          if (data.id !== void 0) {
            let data1 = data.id;
            if (typeof data1 !== "string") {
              const err6 = { instancePath: instancePath + "/id", schemaPath: "#/definitions/Delivered/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema85.properties.id.type, parentSchema: schema85.properties.id, data: data1 };
              if (vErrors === null) {
                vErrors = [err6];
              } else {
                vErrors.push(err6);
              }
              errors++;
            }
          }
          if (data.n !== void 0) {
            let data2 = data.n;
            if (!(typeof data2 == "number" && (!(data2 % 1) && !isNaN(data2)) && isFinite(data2))) {
              const err7 = { instancePath: instancePath + "/n", schemaPath: "#/definitions/Delivered/properties/n/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema85.properties.n.type, parentSchema: schema85.properties.n, data: data2 };
              if (vErrors === null) {
                vErrors = [err7];
              } else {
                vErrors.push(err7);
              }
              errors++;
            }
            if (typeof data2 == "number" && isFinite(data2)) {
              if (data2 < 1 || isNaN(data2)) {
                const err8 = { instancePath: instancePath + "/n", schemaPath: "#/definitions/Delivered/properties/n/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema85.properties.n, data: data2 };
                if (vErrors === null) {
                  vErrors = [err8];
                } else {
                  vErrors.push(err8);
                }
                errors++;
              }
            }
          }
          if (data.event !== void 0) {
            let data3 = data.event;
            if (typeof data3 !== "string") {
              const err9 = { instancePath: instancePath + "/event", schemaPath: "#/definitions/Delivered/properties/event/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema85.properties.event.type, parentSchema: schema85.properties.event, data: data3 };
              if (vErrors === null) {
                vErrors = [err9];
              } else {
                vErrors.push(err9);
              }
              errors++;
            }
          }
          if (data.cursor !== void 0) {
            let data4 = data.cursor;
            if (typeof data4 !== "string") {
              const err10 = { instancePath: instancePath + "/cursor", schemaPath: "#/definitions/Delivered/properties/cursor/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema85.properties.cursor.type, parentSchema: schema85.properties.cursor, data: data4 };
              if (vErrors === null) {
                vErrors = [err10];
              } else {
                vErrors.push(err10);
              }
              errors++;
            }
          }
        } else {
          const err11 = { instancePath, schemaPath: "#/definitions/Delivered/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema85.type, parentSchema: schema85, data };
          if (vErrors === null) {
            vErrors = [err11];
          } else {
            vErrors.push(err11);
          }
          errors++;
        }
      } else if (tag0 === "gap") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.type === void 0) {
            const err12 = { instancePath, schemaPath: "#/definitions/Gap/required", keyword: "required", params: { missingProperty: "type" }, message: "must have required property 'type'", schema: schema86.required, parentSchema: schema86, data };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
          if (data.id === void 0) {
            const err13 = { instancePath, schemaPath: "#/definitions/Gap/required", keyword: "required", params: { missingProperty: "id" }, message: "must have required property 'id'", schema: schema86.required, parentSchema: schema86, data };
            if (vErrors === null) {
              vErrors = [err13];
            } else {
              vErrors.push(err13);
            }
            errors++;
          }
          if (data.type !== void 0) {
            let data5 = data.type;
            if ("gap" !== data5) {
              const err14 = { instancePath: instancePath + "/type", schemaPath: "#/definitions/Gap/properties/type/const", keyword: "const", params: { allowedValue: "gap" }, message: "must be equal to constant", schema: "gap", parentSchema: schema86.properties.type, data: data5 };
              if (vErrors === null) {
                vErrors = [err14];
              } else {
                vErrors.push(err14);
              }
              errors++;
            }
          }
          if (data.id !== void 0) {
            let data6 = data.id;
            if (typeof data6 !== "string") {
              const err15 = { instancePath: instancePath + "/id", schemaPath: "#/definitions/Gap/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema86.properties.id.type, parentSchema: schema86.properties.id, data: data6 };
              if (vErrors === null) {
                vErrors = [err15];
              } else {
                vErrors.push(err15);
              }
              errors++;
            }
          }
          if (data.reason !== void 0) {
            let data7 = data.reason;
            if (typeof data7 !== "string") {
              const err16 = { instancePath: instancePath + "/reason", schemaPath: "#/definitions/Gap/properties/reason/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema86.properties.reason.type, parentSchema: schema86.properties.reason, data: data7 };
              if (vErrors === null) {
                vErrors = [err16];
              } else {
                vErrors.push(err16);
              }
              errors++;
            }
          }
        } else {
          const err17 = { instancePath, schemaPath: "#/definitions/Gap/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema86.type, parentSchema: schema86, data };
          if (vErrors === null) {
            vErrors = [err17];
          } else {
            vErrors.push(err17);
          }
          errors++;
        }
      } else if (tag0 === "error") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.type === void 0) {
            const err18 = { instancePath, schemaPath: "#/definitions/Error/required", keyword: "required", params: { missingProperty: "type" }, message: "must have required property 'type'", schema: schema87.required, parentSchema: schema87, data };
            if (vErrors === null) {
              vErrors = [err18];
            } else {
              vErrors.push(err18);
            }
            errors++;
          }
          if (data.id === void 0) {
            const err19 = { instancePath, schemaPath: "#/definitions/Error/required", keyword: "required", params: { missingProperty: "id" }, message: "must have required property 'id'", schema: schema87.required, parentSchema: schema87, data };
            if (vErrors === null) {
              vErrors = [err19];
            } else {
              vErrors.push(err19);
            }
            errors++;
          }
          if (data.terminal === void 0) {
            const err20 = { instancePath, schemaPath: "#/definitions/Error/required", keyword: "required", params: { missingProperty: "terminal" }, message: "must have required property 'terminal'", schema: schema87.required, parentSchema: schema87, data };
            if (vErrors === null) {
              vErrors = [err20];
            } else {
              vErrors.push(err20);
            }
            errors++;
          }
          if (data.type !== void 0) {
            let data8 = data.type;
            if ("error" !== data8) {
              const err21 = { instancePath: instancePath + "/type", schemaPath: "#/definitions/Error/properties/type/const", keyword: "const", params: { allowedValue: "error" }, message: "must be equal to constant", schema: "error", parentSchema: schema87.properties.type, data: data8 };
              if (vErrors === null) {
                vErrors = [err21];
              } else {
                vErrors.push(err21);
              }
              errors++;
            }
          }
          if (data.id !== void 0) {
            let data9 = data.id;
            if (typeof data9 !== "string") {
              const err22 = { instancePath: instancePath + "/id", schemaPath: "#/definitions/Error/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema87.properties.id.type, parentSchema: schema87.properties.id, data: data9 };
              if (vErrors === null) {
                vErrors = [err22];
              } else {
                vErrors.push(err22);
              }
              errors++;
            }
          }
          if (data.terminal !== void 0) {
            let data10 = data.terminal;
            if (typeof data10 !== "boolean") {
              const err23 = { instancePath: instancePath + "/terminal", schemaPath: "#/definitions/Error/properties/terminal/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema87.properties.terminal.type, parentSchema: schema87.properties.terminal, data: data10 };
              if (vErrors === null) {
                vErrors = [err23];
              } else {
                vErrors.push(err23);
              }
              errors++;
            }
          }
          if (data.status !== void 0) {
            let data11 = data.status;
            if (!(typeof data11 == "number" && (!(data11 % 1) && !isNaN(data11)) && isFinite(data11))) {
              const err24 = { instancePath: instancePath + "/status", schemaPath: "#/definitions/Error/properties/status/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema87.properties.status.type, parentSchema: schema87.properties.status, data: data11 };
              if (vErrors === null) {
                vErrors = [err24];
              } else {
                vErrors.push(err24);
              }
              errors++;
            }
          }
          if (data.detail !== void 0) {
            let data12 = data.detail;
            if (typeof data12 !== "string") {
              const err25 = { instancePath: instancePath + "/detail", schemaPath: "#/definitions/Error/properties/detail/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema87.properties.detail.type, parentSchema: schema87.properties.detail, data: data12 };
              if (vErrors === null) {
                vErrors = [err25];
              } else {
                vErrors.push(err25);
              }
              errors++;
            }
          }
        } else {
          const err26 = { instancePath, schemaPath: "#/definitions/Error/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema87.type, parentSchema: schema87, data };
          if (vErrors === null) {
            vErrors = [err26];
          } else {
            vErrors.push(err26);
          }
          errors++;
        }
      } else if (tag0 === "done") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.type === void 0) {
            const err27 = { instancePath, schemaPath: "#/definitions/Done/required", keyword: "required", params: { missingProperty: "type" }, message: "must have required property 'type'", schema: schema88.required, parentSchema: schema88, data };
            if (vErrors === null) {
              vErrors = [err27];
            } else {
              vErrors.push(err27);
            }
            errors++;
          }
          if (data.id === void 0) {
            const err28 = { instancePath, schemaPath: "#/definitions/Done/required", keyword: "required", params: { missingProperty: "id" }, message: "must have required property 'id'", schema: schema88.required, parentSchema: schema88, data };
            if (vErrors === null) {
              vErrors = [err28];
            } else {
              vErrors.push(err28);
            }
            errors++;
          }
          if (data.type !== void 0) {
            let data13 = data.type;
            if ("done" !== data13) {
              const err29 = { instancePath: instancePath + "/type", schemaPath: "#/definitions/Done/properties/type/const", keyword: "const", params: { allowedValue: "done" }, message: "must be equal to constant", schema: "done", parentSchema: schema88.properties.type, data: data13 };
              if (vErrors === null) {
                vErrors = [err29];
              } else {
                vErrors.push(err29);
              }
              errors++;
            }
          }
          if (data.id !== void 0) {
            let data14 = data.id;
            if (typeof data14 !== "string") {
              const err30 = { instancePath: instancePath + "/id", schemaPath: "#/definitions/Done/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema88.properties.id.type, parentSchema: schema88.properties.id, data: data14 };
              if (vErrors === null) {
                vErrors = [err30];
              } else {
                vErrors.push(err30);
              }
              errors++;
            }
          }
        } else {
          const err31 = { instancePath, schemaPath: "#/definitions/Done/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema88.type, parentSchema: schema88, data };
          if (vErrors === null) {
            vErrors = [err31];
          } else {
            vErrors.push(err31);
          }
          errors++;
        }
      } else if (tag0 === "published") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.type === void 0) {
            const err32 = { instancePath, schemaPath: "#/definitions/Published/required", keyword: "required", params: { missingProperty: "type" }, message: "must have required property 'type'", schema: schema89.required, parentSchema: schema89, data };
            if (vErrors === null) {
              vErrors = [err32];
            } else {
              vErrors.push(err32);
            }
            errors++;
          }
          if (data.id === void 0) {
            const err33 = { instancePath, schemaPath: "#/definitions/Published/required", keyword: "required", params: { missingProperty: "id" }, message: "must have required property 'id'", schema: schema89.required, parentSchema: schema89, data };
            if (vErrors === null) {
              vErrors = [err33];
            } else {
              vErrors.push(err33);
            }
            errors++;
          }
          if (data.type !== void 0) {
            let data15 = data.type;
            if ("published" !== data15) {
              const err34 = { instancePath: instancePath + "/type", schemaPath: "#/definitions/Published/properties/type/const", keyword: "const", params: { allowedValue: "published" }, message: "must be equal to constant", schema: "published", parentSchema: schema89.properties.type, data: data15 };
              if (vErrors === null) {
                vErrors = [err34];
              } else {
                vErrors.push(err34);
              }
              errors++;
            }
          }
          if (data.id !== void 0) {
            let data16 = data.id;
            if (typeof data16 !== "string") {
              const err35 = { instancePath: instancePath + "/id", schemaPath: "#/definitions/Published/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema89.properties.id.type, parentSchema: schema89.properties.id, data: data16 };
              if (vErrors === null) {
                vErrors = [err35];
              } else {
                vErrors.push(err35);
              }
              errors++;
            }
          }
        } else {
          const err36 = { instancePath, schemaPath: "#/definitions/Published/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema89.type, parentSchema: schema89, data };
          if (vErrors === null) {
            vErrors = [err36];
          } else {
            vErrors.push(err36);
          }
          errors++;
        }
      } else if (tag0 === "unsupported") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.type === void 0) {
            const err37 = { instancePath, schemaPath: "#/definitions/Unsupported/required", keyword: "required", params: { missingProperty: "type" }, message: "must have required property 'type'", schema: schema90.required, parentSchema: schema90, data };
            if (vErrors === null) {
              vErrors = [err37];
            } else {
              vErrors.push(err37);
            }
            errors++;
          }
          if (data.id === void 0) {
            const err38 = { instancePath, schemaPath: "#/definitions/Unsupported/required", keyword: "required", params: { missingProperty: "id" }, message: "must have required property 'id'", schema: schema90.required, parentSchema: schema90, data };
            if (vErrors === null) {
              vErrors = [err38];
            } else {
              vErrors.push(err38);
            }
            errors++;
          }
          if (data.type !== void 0) {
            let data17 = data.type;
            if ("unsupported" !== data17) {
              const err39 = { instancePath: instancePath + "/type", schemaPath: "#/definitions/Unsupported/properties/type/const", keyword: "const", params: { allowedValue: "unsupported" }, message: "must be equal to constant", schema: "unsupported", parentSchema: schema90.properties.type, data: data17 };
              if (vErrors === null) {
                vErrors = [err39];
              } else {
                vErrors.push(err39);
              }
              errors++;
            }
          }
          if (data.id !== void 0) {
            let data18 = data.id;
            if (typeof data18 !== "string") {
              const err40 = { instancePath: instancePath + "/id", schemaPath: "#/definitions/Unsupported/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema90.properties.id.type, parentSchema: schema90.properties.id, data: data18 };
              if (vErrors === null) {
                vErrors = [err40];
              } else {
                vErrors.push(err40);
              }
              errors++;
            }
          }
          if (data.detail !== void 0) {
            let data19 = data.detail;
            if (typeof data19 !== "string") {
              const err41 = { instancePath: instancePath + "/detail", schemaPath: "#/definitions/Unsupported/properties/detail/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema90.properties.detail.type, parentSchema: schema90.properties.detail, data: data19 };
              if (vErrors === null) {
                vErrors = [err41];
              } else {
                vErrors.push(err41);
              }
              errors++;
            }
          }
        } else {
          const err42 = { instancePath, schemaPath: "#/definitions/Unsupported/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema90.type, parentSchema: schema90, data };
          if (vErrors === null) {
            vErrors = [err42];
          } else {
            vErrors.push(err42);
          }
          errors++;
        }
      } else {
        const err43 = { instancePath, schemaPath: "#/discriminator", keyword: "discriminator", params: { error: "mapping", tag: "type", tagValue: tag0 }, message: 'value of tag "type" must be in oneOf', schema: schema81.discriminator, parentSchema: schema81, data };
        if (vErrors === null) {
          vErrors = [err43];
        } else {
          vErrors.push(err43);
        }
        errors++;
      }
    } else {
      const err44 = { instancePath, schemaPath: "#/discriminator", keyword: "discriminator", params: { error: "tag", tag: "type", tagValue: tag0 }, message: 'tag "type" must be string', schema: schema81.discriminator, parentSchema: schema81, data };
      if (vErrors === null) {
        vErrors = [err44];
      } else {
        vErrors.push(err44);
      }
      errors++;
    }
  } else {
    const err45 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema81.type, parentSchema: schema81, data };
    if (vErrors === null) {
      vErrors = [err45];
    } else {
      vErrors.push(err45);
    }
    errors++;
  }
  validate96.errors = vErrors;
  return errors === 0;
}
export {
  validateBaseline,
  validateConfig,
  validateDialect,
  validateStreamConfig,
  validateTold
};
