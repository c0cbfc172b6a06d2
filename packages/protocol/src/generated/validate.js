// Generated from spec/schemas/publish.json by scripts/schemas.ts.
var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};

// node_modules/ajv/dist/runtime/ucs2length.js
var require_ucs2length = __commonJS({
  "node_modules/ajv/dist/runtime/ucs2length.js"(exports) {
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
var validatePublish = validate10;
var pattern0 = new RegExp("^(?!(?:error|open)$)[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$", "u");
function validate11(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.data === void 0 && (missing0 = "data")) {
        validate11.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'" }];
        return false;
      } else {
        if (data.event !== void 0) {
          let data0 = data.event;
          const _errs2 = errors;
          if (errors === _errs2) {
            if (typeof data0 === "string") {
              if (!pattern0.test(data0)) {
                validate11.errors = [{ instancePath: instancePath + "/event", schemaPath: "#/definitions/EventName/pattern", keyword: "pattern", params: { pattern: "^(?!(?:error|open)$)[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$" }, message: 'must match pattern "^(?!(?:error|open)$)[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$"' }];
                return false;
              }
            } else {
              validate11.errors = [{ instancePath: instancePath + "/event", schemaPath: "#/definitions/EventName/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
              return false;
            }
          }
        }
      }
    } else {
      validate11.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
      return false;
    }
  }
  validate11.errors = vErrors;
  return errors === 0;
}
var func2 = require_ucs2length().default;
var pattern1 = new RegExp("^(?:start|end|[a-z]*[A-Z0-9._~-][A-Za-z0-9._~-]*)$", "u");
function validate10(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  ;
  let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.messages !== void 0) {
        let data0 = data.messages;
        const _errs1 = errors;
        if (errors === _errs1) {
          if (Array.isArray(data0)) {
            var valid1 = true;
            const len0 = data0.length;
            for (let i0 = 0; i0 < len0; i0++) {
              const _errs3 = errors;
              if (!validate11(data0[i0], { instancePath: instancePath + "/messages/" + i0, parentData: data0, parentDataProperty: i0, rootData })) {
                vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
                errors = vErrors.length;
              }
              var valid1 = _errs3 === errors;
              if (!valid1) {
                break;
              }
            }
          } else {
            validate10.errors = [{ instancePath: instancePath + "/messages", schemaPath: "#/properties/messages/type", keyword: "type", params: { type: "array" }, message: "must be array" }];
            return false;
          }
        }
        var valid0 = _errs1 === errors;
      } else {
        var valid0 = true;
      }
      if (valid0) {
        if (data.close !== void 0) {
          const _errs4 = errors;
          if (typeof data.close !== "boolean") {
            validate10.errors = [{ instancePath: instancePath + "/close", schemaPath: "#/properties/close/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" }];
            return false;
          }
          var valid0 = _errs4 === errors;
        } else {
          var valid0 = true;
        }
        if (valid0) {
          if (data.after !== void 0) {
            let data3 = data.after;
            const _errs6 = errors;
            const _errs7 = errors;
            if (errors === _errs7) {
              if (typeof data3 === "string") {
                if (func2(data3) > 1024) {
                  validate10.errors = [{ instancePath: instancePath + "/after", schemaPath: "#/definitions/Position/maxLength", keyword: "maxLength", params: { limit: 1024 }, message: "must NOT have more than 1024 characters" }];
                  return false;
                } else {
                  if (!pattern1.test(data3)) {
                    validate10.errors = [{ instancePath: instancePath + "/after", schemaPath: "#/definitions/Position/pattern", keyword: "pattern", params: { pattern: "^(?:start|end|[a-z]*[A-Z0-9._~-][A-Za-z0-9._~-]*)$" }, message: 'must match pattern "^(?:start|end|[a-z]*[A-Z0-9._~-][A-Za-z0-9._~-]*)$"' }];
                    return false;
                  }
                }
              } else {
                validate10.errors = [{ instancePath: instancePath + "/after", schemaPath: "#/definitions/Position/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                return false;
              }
            }
            var valid0 = _errs6 === errors;
          } else {
            var valid0 = true;
          }
        }
      }
    } else {
      validate10.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
      return false;
    }
  }
  validate10.errors = vErrors;
  return errors === 0;
}
export {
  validatePublish
};
