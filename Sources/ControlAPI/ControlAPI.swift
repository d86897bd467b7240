/// ControlAPI
