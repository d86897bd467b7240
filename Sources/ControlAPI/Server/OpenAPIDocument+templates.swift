/// ControlAPI: the OpenAPI document: templates and power.

extension OpenAPIDocument {
  static let templates = #"""
      /api/1.0/templates:
        get:
          tags: [records]
          operationId: listTemplates
          summary: The names of all templates.
          responses:
            "200":
              description: Their names.
              content:
                application/json:
                  schema:
                    type: object
                    required: [templates]
                    additionalProperties: false
                    properties:
                      templates:
                        type: array
                        items: {type: string}
      /api/1.0/templates/{name}:
        parameters:
          - $ref: "#/components/parameters/Name"
        get:
          tags: [records]
          operationId: readTemplate
          summary: A template as it is stored.
          responses:
            "200": {$ref: "#/components/responses/Text"}
            "400": {$ref: "#/components/responses/Refused"}
            "404": {$ref: "#/components/responses/Unknown"}
        post:
          tags: [records]
          operationId: createTemplate
          summary: Makes a new one.
          requestBody: {$ref: "#/components/requestBodies/TemplateText"}
          responses:
            "201": {description: Stored. The body is empty.}
            "400": {$ref: "#/components/responses/Refused"}
            "409": {$ref: "#/components/responses/Conflict"}
            "413": {$ref: "#/components/responses/TooLarge"}
            "503": {$ref: "#/components/responses/Unavailable"}
        put:
          tags: [records]
          operationId: replaceTemplate
          summary: Replaces the whole of it.
          requestBody: {$ref: "#/components/requestBodies/TemplateText"}
          responses:
            "202": {description: Stored. The body is empty.}
            "400": {$ref: "#/components/responses/Refused"}
            "404": {$ref: "#/components/responses/Unknown"}
            "409": {$ref: "#/components/responses/Conflict"}
            "413": {$ref: "#/components/responses/TooLarge"}
            "503": {$ref: "#/components/responses/Unavailable"}
        delete:
          tags: [records]
          operationId: deleteTemplate
          summary: Deletes it.
          responses:
            "204": {description: It is gone.}
            "400": {$ref: "#/components/responses/Refused"}
            "404": {$ref: "#/components/responses/Unknown"}
            "409": {$ref: "#/components/responses/Conflict"}
            "503": {$ref: "#/components/responses/Unavailable"}
      /api/1.0/templates/{name}/{host}:
        parameters:
          - $ref: "#/components/parameters/Name"
          - {name: host, in: path, required: true, schema: {$ref: "#/components/schemas/Name"}}
        get:
          tags: [records]
          operationId: renderTemplate
          summary: A template, rendered with the parameters of a host.
          responses:
            "200": {$ref: "#/components/responses/Text"}
            "400": {$ref: "#/components/responses/Refused"}
            "404": {$ref: "#/components/responses/Unknown"}
            "422": {$ref: "#/components/responses/NotRendered"}
      /api/1.0/power/{name}:
        parameters:
          - $ref: "#/components/parameters/Name"
        get:
          tags: [power]
          operationId: readPower
          summary: Whether a machine is on.
          responses: &readPower
            "200":
              description: Its power.
              content:
                application/json:
                  schema:
                    type: object
                    required: [power]
                    additionalProperties: false
                    properties:
                      power: {enum: ["on", "off", unknown]}
            "400": {$ref: "#/components/responses/Refused"}
            "404": {$ref: "#/components/responses/Unknown"}
            "422": {$ref: "#/components/responses/NotRendered"}
            "502": {$ref: "#/components/responses/PowerFailed"}
        put:
          tags: [power]
          operationId: setPower
          summary: Switches a machine; `on` first sets its next boot to the network.
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  required: [power]
                  properties:
                    power: {enum: ["on", "off", reset]}
          responses:
            "202": {description: Done. The body is empty.}
            "400": {$ref: "#/components/responses/Refused"}
            "404": {$ref: "#/components/responses/Unknown"}
            "413": {$ref: "#/components/responses/TooLarge"}
            "422": {$ref: "#/components/responses/NotRendered"}
            "502": {$ref: "#/components/responses/PowerFailed"}
      /api/1.0/power/status/{name}:
        parameters:
          - $ref: "#/components/parameters/Name"
        get:
          tags: [power]
          operationId: readPowerStatus
          summary: The same as without `status`.
          responses: *readPower

    """#
}
