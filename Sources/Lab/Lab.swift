/// Lab
