### Words of the API and its errors.
