/// Images
