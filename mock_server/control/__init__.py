"""The `/__mock__/` API, by which tests look into the server and move its clock."""
