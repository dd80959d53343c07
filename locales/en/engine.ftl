### Words of the engine: validation, import, jobs, automation.
