/// ControlAPI: the OpenAPI document: hosts and groups.

extension OpenAPIDocument {
  static let records = #"""
    paths:
      /api/1.0/hosts:
        get:
          tags: [records]
          operationId: listHosts
          summary: The ids of all hosts, or of those that have these parameters.
          parameters:
            - name: parameters
              in: query
              description: |
                `?key=value&…`: each host's own parameter `key` equals `value`; a list matches
                when it has it.
              schema:
                type: object
                additionalProperties: true
          responses:
            "200":
              description: Their names.
              content:
                application/json:
                  schema:
                    type: object
                    required: [hosts]
                    additionalProperties: false
                    properties:
                      hosts:
                        type: array
                        items: {type: string}
      /api/1.0/hosts/{name}:
        parameters:
          - $ref: "#/components/parameters/Name"
        get:
          tags: [records]
          operationId: readHost
          summary: A host, or what it inherits, or its mark.
          parameters:
            - name: params
              in: query
              description: |
                `all`: with everything that it inherits, rendered; an unknown host is answered with
                the parameters of host `register`. `explain`: where each parameter comes from.
              schema: {type: string, enum: [all, explain]}
            - name: installed
              in: query
              description: Adds the group `installed` to the host's own groups, or takes it away.
              schema: {type: string, enum: [mark, unmark]}
          responses:
            "200":
              description: The record; an empty body after `installed`.
              content:
                application/json:
                  schema: {$ref: "#/components/schemas/Record"}
            "400": {$ref: "#/components/responses/Refused"}
            "404": {$ref: "#/components/responses/Unknown"}
            "422": {$ref: "#/components/responses/NotRendered"}
            "409": {$ref: "#/components/responses/Conflict"}
            "503": {$ref: "#/components/responses/Unavailable"}
        post:
          tags: [records]
          operationId: createHost
          summary: Makes a new one.
          requestBody: {$ref: "#/components/requestBodies/Record"}
          responses:
            "201": {description: Stored. The body is empty.}
            "400": {$ref: "#/components/responses/Refused"}
            "409": {$ref: "#/components/responses/Conflict"}
            "413": {$ref: "#/components/responses/TooLarge"}
            "503": {$ref: "#/components/responses/Unavailable"}
        put:
          tags: [records]
          operationId: replaceHost
          summary: Replaces the whole of it.
          requestBody: {$ref: "#/components/requestBodies/Record"}
          responses:
            "202": {description: Stored. The body is empty.}
            "400": {$ref: "#/components/responses/Refused"}
            "404": {$ref: "#/components/responses/Unknown"}
            "409": {$ref: "#/components/responses/Conflict"}
            "413": {$ref: "#/components/responses/TooLarge"}
            "503": {$ref: "#/components/responses/Unavailable"}
        delete:
          tags: [records]
          operationId: deleteHost
          summary: Deletes it.
          responses:
            "204": {description: It is gone.}
            "400": {$ref: "#/components/responses/Refused"}
            "404": {$ref: "#/components/responses/Unknown"}
            "409": {$ref: "#/components/responses/Conflict"}
            "503": {$ref: "#/components/responses/Unavailable"}
      /api/1.0/groups:
        get:
          tags: [records]
          operationId: listGroups
          summary: The names of all groups.
          responses:
            "200":
              description: Their names.
              content:
                application/json:
                  schema:
                    type: object
                    required: [groups]
                    additionalProperties: false
                    properties:
                      groups:
                        type: array
                        items: {type: string}
      /api/1.0/groups/{name}:
        parameters:
          - $ref: "#/components/parameters/Name"
        get:
          tags: [records]
          operationId: readGroup
          summary: A group, or what it inherits too.
          parameters:
            - name: params
              in: query
              schema: {type: string, enum: [all]}
          responses:
            "200": {$ref: "#/components/responses/Record"}
            "400": {$ref: "#/components/responses/Refused"}
            "404": {$ref: "#/components/responses/Unknown"}
            "422": {$ref: "#/components/responses/NotRendered"}
        post:
          tags: [records]
          operationId: createGroup
          summary: Makes a new one.
          requestBody: {$ref: "#/components/requestBodies/Record"}
          responses:
            "201": {description: Stored. The body is empty.}
            "400": {$ref: "#/components/responses/Refused"}
            "409": {$ref: "#/components/responses/Conflict"}
            "413": {$ref: "#/components/responses/TooLarge"}
            "503": {$ref: "#/components/responses/Unavailable"}
        put:
          tags: [records]
          operationId: replaceGroup
          summary: Replaces the whole of it.
          requestBody: {$ref: "#/components/requestBodies/Record"}
          responses:
            "202": {description: Stored. The body is empty.}
            "400": {$ref: "#/components/responses/Refused"}
            "404": {$ref: "#/components/responses/Unknown"}
            "409": {$ref: "#/components/responses/Conflict"}
            "413": {$ref: "#/components/responses/TooLarge"}
            "503": {$ref: "#/components/responses/Unavailable"}
        delete:
          tags: [records]
          operationId: deleteGroup
          summary: Deletes it.
          responses:
            "204": {description: It is gone.}
            "400": {$ref: "#/components/responses/Refused"}
            "404": {$ref: "#/components/responses/Unknown"}
            "409": {$ref: "#/components/responses/Conflict"}
            "503": {$ref: "#/components/responses/Unavailable"}

    """#
}
